import { appendFileSync, mkdirSync, mkdtempSync, renameSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { entryLine } from "../../../cli/logs/entry";
import { filterOf, lastOf, type LogsQuery } from "../../../cli/logs/query";
import { storeFlags, tasksFlags } from "../../../stacks/logs/flags";
import { until } from "../../live/until";
import { freePort } from "../../support/free-port";
import { flagsHere, start, victoriaLogs, type Started } from "../../support/victoria-logs";

jest.setTimeout(600_000);

const bin = victoriaLogs() ?? "";
const there = bin === "" ? describe.skip : describe;

/** VictoriaLogs and vlagent with the arguments that they have on a farm; only paths, addresses and the time of a look differ. */
there("the store and a node's sender", () => {
  const folder = mkdtempSync(join(tmpdir(), "logs-"));
  const container = join(folder, "containers", "abc");
  const file = join(container, "abc-json.log");
  const ports = { store: 0, tasks: 0 };
  const running: { store?: Started; tasks?: Started } = {};

  const here = (flags: readonly string[]) => flagsHere(flags, { folder, ports });
  const startStore = () => {
    running.store = start(bin, "start-store", here(storeFlags({ retentionDays: 2, diskMiB: 256 })));
  };
  const startTasks = () => {
    const often = "-fileCollector.refreshInterval=1s";
    running.tasks = start(bin, "vlagent", [...here(tasksFlags(join(folder, "agent"))), often]);
  };
  let lines = 0;
  /** A line as Docker's driver writes it, with a time in nanoseconds. */
  const says = (message: string, task = "hello.1.x7k") => {
    const time = new Date().toISOString().replace("Z", `${String(++lines).padStart(6, "0")}Z`);
    const line = { log: `${message}\n`, stream: "stdout", attrs: { tag: task }, time };
    appendFileSync(file, `${JSON.stringify(line)}\n`);
  };
  const read = async (query: LogsQuery): Promise<string[]> => {
    const body = new URLSearchParams({ query: lastOf(filterOf(query), "3600s", 100) });
    const answer = await fetch(`http://127.0.0.1:${String(ports.store)}/select/logsql/query`, { method: "POST", body });
    expect([answer.status, answer.ok ? "" : await answer.clone().text()]).toEqual([200, ""]);
    const lines = (await answer.text()).split("\n").filter(Boolean);
    return lines.map((line) => (entryLine(line) ?? line).replace(/^\S+ \S+ /, "")).reverse();
  };
  const stored = (query: LogsQuery, lines: readonly string[]) =>
    until(
      `${JSON.stringify(query)} to give ${lines.join(", ")}`,
      async () => JSON.stringify(await read(query)) === JSON.stringify(lines),
      60_000,
    );

  beforeAll(async () => {
    mkdirSync(container, { recursive: true });
    ports.store = await freePort();
    ports.tasks = await freePort();
    startStore();
    startTasks();
  });

  afterAll(async () => {
    await Promise.all([running.store?.stop(), running.tasks?.stop()]);
    rmSync(folder, { recursive: true });
  });

  test("each query finds its own entries", async () => {
    says("one");
    says('{"level":"warn","msg":"two"}');
    says("three", "hello-world.1.z");
    says("four", "hello.2.y9q");
    const all = ["hello.1 | one", 'hello.1 | {"level":"warn","msg":"two"}', "hello-world.1 | three", "hello.2 | four"];
    await stored({}, all);
    expect(await read({ service: "hello" })).toEqual(all.filter((line) => line.startsWith("hello.")));
    expect(await read({ service: "hello.2" })).toEqual(["hello.2 | four"]);
    expect(await read({ service: "hello", grep: "^O|(?i)WARN" })).toEqual([all[1]]);
    expect(await read({ node: "elsewhere" })).toEqual([]);
    expect(await read({ unit: "docker" })).toEqual([]);
    expect(await read({ grep: 'one" or "three' })).toEqual([]);
  });

  test("nobody can manage the store, also who may search it", async () => {
    const day = new Date().toISOString().slice(0, 10).replaceAll("-", "");
    for (const path of [`internal/partition/detach?name=${day}`, "internal/force_merge", "delete/run_task", "flags"]) {
      const { status } = await fetch(`http://127.0.0.1:${String(ports.store)}/${path}`);
      expect([path, status]).toEqual([path, expect.any(Number)]);
      expect(status).toBeGreaterThanOrEqual(400);
    }
    expect(await read({ service: "hello.2" })).toEqual(["hello.2 | four"]);
  });

  test("nothing is lost while the store is away and files are rotated, and nothing is there twice", async () => {
    await running.store?.stop();
    for (const round of [1, 2, 3]) {
      says(`away ${String(round)}`);
      // Docker rotates a file after 10 MB; two rotations between two looks are more than a sender can follow.
      await pause(2000);
      renameSync(file, join(container, `abc-json.log.${String(round)}`));
    }
    says("away 4");
    startStore();
    await stored(
      { grep: "away" },
      [1, 2, 3, 4].map((round) => `hello.1 | away ${String(round)}`),
    );
  });

  test("a sender that starts again goes on where it stopped", async () => {
    await running.tasks?.stop();
    says("late");
    startTasks();
    await stored({ grep: "late|one" }, ["hello.1 | one", "hello.1 | late"]);
  });
});
