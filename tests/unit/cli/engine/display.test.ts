import { appendFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import fc from "fast-check";
import { displayed, type Reasons } from "../../../../cli/engine/progress/display";
import { parseEvent } from "../../../../cli/engine/progress/events";
import { follow } from "../../../../cli/engine/progress/follow";
import { Tracker } from "../../../../cli/engine/progress/tracker";
import { FakeFarm } from "../../../support/fake-farm";

let farm: FakeFarm;
let file: string;
let shown: string[];
beforeEach(() => {
  farm = new FakeFarm();
  file = join(farm.home, "events");
  shown = [];
});
afterEach(() => {
  farm.remove();
});

const report = (isTerminal: boolean) => ({
  isTerminal,
  say: (text: string) => void shown.push(text),
  transient: (text: string) => void shown.push(`~${text}`),
  erase: () => void shown.push("erased"),
});
const event = (content: object) => `${JSON.stringify(content)}\n`;
const wait = { op: "create", type: "command:local:Command", urn: "urn:pulumi:dev::p::c::hello-converged" };
const summary = event({ summaryEvent: { durationSeconds: 3, resourceChanges: { create: 1 } } });

/** A tracker to which every look is 11 s after the one before it. */
function hurried(): Tracker {
  let now = 0;
  return new Tracker(() => (now += 11_000));
}

test("without a terminal only operations that take long, end or fail have a line", async () => {
  const work = async () => {
    writeFileSync(file, event({ resourcePreEvent: { metadata: wait } }));
    await sleep(60);
    appendFileSync(file, event({ resOutputsEvent: { metadata: wait } }) + summary);
    return 4;
  };
  const { result, errors } = await displayed(report(false), file, work, {
    reasons: () => Promise.resolve(new Map()),
    tracker: hurried(),
    milliseconds: 10,
  });
  expect([result, errors]).toEqual([4, []]);
  expect(shown).toEqual([
    "  … service hello converges",
    expect.stringMatching(/^ {2}✓ service hello converges: created after \d+ (s|min .*)$/),
    "  1 created in 3 s",
    "erased",
  ]);
});

test.each<[string, Reasons, RegExp]>([
  ["says what a service waits for", () => Promise.resolve(new Map([[wait.urn, "1 of 2 tasks run"]])), /\(1 of 2 tasks/],
  ["continues if the swarm does not answer", () => Promise.reject(new Error("no route")), /service hello converges/],
])("a terminal has one line, which each change replaces: it %s", async (_, reasons, expected) => {
  const requested: string[][] = [];
  const work = async () => {
    writeFileSync(file, event({ resourcePreEvent: { metadata: wait } }));
    await sleep(80);
  };
  await displayed(report(true), file, work, {
    reasons: (services) => {
      requested.push([...services.values()]);
      return reasons(services);
    },
    tracker: hurried(),
    milliseconds: 10,
  });
  // Once in five seconds, however often the log is read.
  expect(requested).toEqual([["hello"]]);
  expect(shown.filter((text) => text.startsWith("~")).some((text) => expected.test(text))).toBe(true);
  expect(shown.at(-1)).toBe("erased");
});

test("a run that cannot start leaves no line, and passes its error on", async () => {
  const work = () => Promise.reject(new Error("no such program"));
  const options = { reasons: () => Promise.resolve(new Map<string, string>()) };
  await expect(displayed(report(true), file, work, options)).rejects.toThrow("no such program");
  expect(shown).toEqual(["erased"]);
});

test("reads a log line by line, wherever a write is split: in a line, in a character", () => {
  const lines = fc.array(fc.string({ unit: "grapheme", minLength: 1 }).filter((text) => !/[\n\r]/.test(text)));
  fc.assert(
    fc.property(lines, fc.array(fc.nat(300), { maxLength: 6 }), (expected, cuts) => {
      const whole = Buffer.from(expected.map((text) => `${text}\n`).join(""));
      const path = join(farm.home, "followed");
      writeFileSync(path, "");
      const read = follow(path);
      const ends = [...cuts.map((cut) => Math.min(cut, whole.length)), whole.length].sort((a, b) => a - b);
      const found = ends.flatMap((end, index) => {
        appendFileSync(path, whole.subarray(ends[index - 1] ?? 0, end));
        return read();
      });
      expect(found).toEqual(expected);
    }),
    { numRuns: 50 },
  );
});

test("no line of a log ends the display, whatever its content", () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
      const parsed = parseEvent(text);
      if (parsed) expect(["began", "done", "failed", "message", "summary"]).toContain(parsed.kind);
    }),
  );
});
