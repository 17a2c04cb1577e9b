import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { parseEvent } from "../../server/docker/events.ts";
import { parseLog } from "../../server/docker/logs.ts";
import { limited } from "../../server/limit.ts";
import { smallSwarm, stage, untilRead } from "../helpers.ts";

const at = "2026-01-02T03:04:05.000000000Z";

function frame(stream: number, text: string): Buffer {
  const header = Buffer.alloc(8);
  header[0] = stream;
  header.writeUInt32BE(Buffer.byteLength(text), 4);
  return Buffer.concat([header, Buffer.from(text)]);
}

test("both streams of a log come out line by line, in the order of their times", () => {
  const line = fc.record({
    stream: fc.constantFrom(1, 2),
    text: fc.string({ unit: "grapheme" }).map((text) => text.replace(/[\r\n]/g, "")),
  });
  fc.assert(
    fc.property(fc.array(line, { minLength: 1 }), (written) => {
      const bytes = Buffer.concat(written.map((one) => frame(one.stream, `${at} ${one.text}\n`)));
      assert.deepEqual(
        parseLog(bytes),
        written.map((one) => ({ at, stream: one.stream === 2 ? "err" : "out", text: one.text })),
      );
    }),
  );
});

test("a log that is cut anywhere, or is no log at all, yields its complete events", () => {
  const whole = Buffer.concat([frame(1, `${at} one\n`), frame(2, `${at} two\n`)]);
  for (let length = 0; length <= whole.length; length++) parseLog(whole.subarray(0, length));
  fc.assert(fc.property(fc.uint8Array(), (bytes) => Array.isArray(parseLog(Buffer.from(bytes)))));
  assert.deepEqual(parseLog(Buffer.from(`${at} of a terminal\r\n`)), [{ at, stream: "out", text: "of a terminal" }]);
});

test("any line is an event or nothing", () => {
  fc.assert(fc.property(fc.oneof(fc.string(), fc.json()), (line) => void parseEvent(line)));
  assert.equal(parseEvent('{"Type":"node","Action":"upda'), undefined);
});

test("the last lines of a task that is shown can be read, of any other not", async (t) => {
  const on = await stage(t, smallSwarm());
  await untilRead(on);
  const [task = ""] = on.swarm.tasks.keys();
  const log = (await (await fetch(`${on.url}log/${task}`)).json()) as { lines: { stream: string; text: string }[] };
  assert.equal(log.lines.length, 31);
  assert.deepEqual(log.lines.at(-1)?.stream, "err");
  assert.match(await (await fetch(`${on.url}log/other`)).text(), /this task is gone/);
});

test("logs can be switched off", async (t) => {
  const on = await stage(t, smallSwarm(), { LOGS: "off" });
  await untilRead(on);
  const [task = ""] = on.swarm.tasks.keys();
  assert.match(await (await fetch(`${on.url}log/${task}`)).text(), /logs are switched off here/);
  assert.ok(!on.docker.daemon.requests.some(({ url }) => url.includes("/logs")));
});

test("no more jobs run at once than allowed, and all run", async () => {
  const inTurn = limited(3);
  let running = 0;
  let most = 0;
  const job = async (): Promise<void> => {
    most = Math.max(most, ++running);
    await new Promise((resolve) => setTimeout(resolve, 1));
    running--;
    if (most === 2) throw new Error("one may fail");
  };
  const ends = await Promise.allSettled(Array.from({ length: 20 }, () => inTurn(job)));
  assert.equal(ends.length, 20);
  assert.equal(most, 3);
});
