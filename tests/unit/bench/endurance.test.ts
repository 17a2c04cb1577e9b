import { spawnSync } from "node:child_process";
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseReadings, parseSamples, type Reading, type Sample } from "../../../bench/endurance/sample";
import { table } from "../../../bench/endurance/table";
import { repository } from "../../support/program";

const bench = join(repository, "bench", "endurance");

function sampled(key: string, value: (number: number) => number, more: Partial<Reading>, count = 37): Sample[] {
  return Array.from({ length: count }, (_, number) => ({
    at: number * 300_000,
    node: "manager1",
    readings: [{ key, value: value(number), kind: "hard" as const, note: "threads-max", ...more }],
  }));
}

test.each([
  [
    "zombies",
    (n: number) => n * 10,
    { limit: 7633 },
    /\| 2880 \| 2\.5 \|$/m,
    /Rows under 1000 days:\*\* manager1 zombies/,
  ],
  ["processes", () => 90, { limit: 7633 }, /\| 90 \| 90 \| 90 \| 7633, threads-max \| no growth \| {2}\|$/m, /No row/],
  [
    "folder/prometheus",
    (n: number) => (n % 9) * 2 ** 20,
    { limit: 2 ** 25, kind: "rotates" as const },
    /sawtooth \| bounded by rotation, seen working \|$/m,
    /No row/,
  ],
  [
    "container-log",
    (n: number) => n * 2 ** 20,
    { limit: 2 ** 26, kind: "rotates" as const },
    /until its rotation, which is not seen yet \|$/m,
    /Rows under/,
  ],
  [
    "container-log",
    (n: number) => n * 2 ** 20,
    { limit: 2 ** 26, kind: "rotates-seen" as const },
    /seen working \|$/m,
    /No row/,
  ],
])("%s in the table", (key, value, more, row, summary) => {
  const text = table(sampled(key, value, more));
  expect(text).toMatch(row);
  expect(text).toMatch(summary);
});

test("sample.sh reads any Linux, and all it prints is understood", () => {
  const { status, stdout, stderr } = spawnSync("sh", [join(bench, "sample.sh"), "deep"], {
    encoding: "utf8",
    env: { ...process.env, ENDURANCE_DOCKER: "/nowhere" },
  });
  expect(stderr).toBe("");
  expect(status).toBe(0);
  const readings = parseReadings(stdout);
  const keys = readings.map(({ key }) => key);
  expect(keys).toEqual(
    expect.arrayContaining(["processes", "zombies", "threads", "open-files", "memory-used", "disk/root"]),
  );
  expect(new Set(keys).size).toBe(keys.length);
});

test("logs that rotate are no growth of the disk with them", () => {
  const logs = sampled("folder/containers", (n) => n * 2 ** 20, { kind: "rotates-seen", limit: 2 ** 28 });
  const disk = sampled("disk/root", (n) => 2 ** 30 + n * 2 ** 20, { limit: 2 ** 33 });
  const samples = logs.map((each, at) => ({ ...each, readings: [...each.readings, ...(disk[at]?.readings ?? [])] }));
  const text = table(samples);
  expect(text).toMatch(/^\| disk\/root without logs \| 1024\.0 MiB .* \| no growth \| {2}\|$/m);
  expect(text).toMatch(/^\| folder\/containers \| .* bounded by rotation, seen working \|$/m);
  expect(text).toMatch(/^No row/m);
  expect(table(disk)).toMatch(/^\| disk\/root \| .* \| 25 \|$/m);
});

test.each(["", "zombies many - hard", "zombies 1 2 soft"])("%p is no sample", (text) => {
  expect(() => parseReadings(text)).toThrow(/sample/);
});

test("half a line at the end of a file is left out", () => {
  const [one] = sampled("zombies", () => 1, {});
  expect(parseSamples(`${JSON.stringify(one)}\n{"at":`)).toEqual([one]);
});

test("a run samples each node, names one that does not answer, and can be continued", () => {
  const folder = mkdtempSync(join(tmpdir(), "endurance-"));
  const farm = join(folder, "farm");
  writeFileSync(
    farm,
    `#!/bin/sh
case $1 in
  outputs) echo '{"nodes":[{"name":"manager1"},{"name":"worker1"}],"urls":{"hello":"http://127.0.0.1:9/"}}' ;;
  ssh) [ "$4" = manager1 ] && exec sh -c "$5" ; exit 255 ;;
  run) echo 200; exec sleep 60 ;;
esac
`,
  );
  chmodSync(farm, 0o755);
  const samples = join(folder, "samples.jsonl");
  const run = (hours: string) =>
    spawnSync(
      process.execPath,
      [
        "--import=tsx",
        join(bench, "main.ts"),
        "--farm",
        farm,
        "--hours",
        hours,
        "--seconds",
        "2",
        "--samples",
        samples,
        "--table",
        join(folder, "table.md"),
      ],
      { encoding: "utf8", cwd: repository },
    );
  try {
    const { status, stderr, stdout } = run("0.0014");
    expect(status).toBe(0);
    expect(stderr).toMatch(/worker1: .*ended with 255/);
    expect(stdout).toMatch(/Answers to the load of this run by status: 1 × 200/);
    const before = parseSamples(readFileSync(samples, "utf8")).length;
    expect(before).toBeGreaterThanOrEqual(2);
    expect(run("0").stdout).toMatch(/samples of/);
    expect(parseSamples(readFileSync(samples, "utf8"))).toHaveLength(before);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
