import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { sumOf } from "../../../bench/metrics-store/ask";
import { Containers, containersOfNode, scrapesToReplacement, swarmText } from "../../../bench/metrics-store/containers";
import type { Figures, Run } from "../../../bench/metrics-store/measure";
import { bytesOf } from "../../../bench/metrics-store/programs";
import { useOf } from "../../../bench/process";
import { shortened } from "../../../bench/metrics-store/queries";
import { enlarged, linesOf, next } from "../../../bench/metrics-store/recording";
import { table } from "../../../bench/metrics-store/table";

const answer = (seconds: number, free: number) => `# TYPE node_cpu_seconds_total counter
node_cpu_seconds_total{cpu="0",mode="user"} ${seconds}
# TYPE node_memory_MemFree_bytes gauge
node_memory_MemFree_bytes ${free}
node_memory_MemTotal_bytes 8192
node_disk_io_now{device="vda"} 0
`;
const samplesOf = (text: string) => text.split("\n").filter((line) => /^[^#]/.test(line));
const namesOf = (text: string) => samplesOf(text).map((line) => line.replace(/ \S+$/, ""));

test("a recorded answer goes on: counters grow, gauges change around their value, what stayed the same stays", () => {
  const lines = linesOf(answer(10.25, 4096), answer(11.25, 12_288), 3);
  const high = next(lines, () => 1);
  expect(samplesOf(high)).toEqual([
    'node_cpu_seconds_total{cpu="0",mode="user"} 15.75',
    "node_memory_MemFree_bytes 20480",
    "node_memory_MemTotal_bytes 8192",
    'node_disk_io_now{device="vda"} 0',
  ]);
  expect(high).toContain("# TYPE node_memory_MemFree_bytes gauge\n");
  expect(samplesOf(next(lines, () => 0)).slice(0, 2)).toEqual([
    'node_cpu_seconds_total{cpu="0",mode="user"} 17.25',
    "node_memory_MemFree_bytes 4096",
  ]);
});

test("a larger node has more CPUs and disks, and none twice", () => {
  const text = enlarged(answer(1, 4096), { cpus: 3, disks: 2 });
  expect(namesOf(text)).toEqual([
    ...["0", "1", "2"].map((cpu) => `node_cpu_seconds_total{cpu="${cpu}",mode="user"}`),
    "node_memory_MemFree_bytes",
    "node_memory_MemTotal_bytes",
    ...["vda", "disk1"].map((device) => `node_disk_io_now{device="${device}"}`),
  ]);
  expect(namesOf(enlarged(text, { cpus: 3, disks: 2 }))).toEqual(namesOf(text));
});

test("a full node has 500 samples, and one container after the other is replaced", () => {
  const containers = new Containers(0, () => 0.5);
  const answers = Array.from({ length: 2 * scrapesToReplacement }, () => namesOf(containers.next()));
  expect(answers[0]?.length).toBeGreaterThan(480);
  expect(answers[0]?.length).toBeLessThan(520);
  const changed = answers.slice(1).map((names, at) => names.filter((name) => !answers[at]?.includes(name)).length);
  const replaced = changed.flatMap((count, at) => (count === 0 ? [] : [[at + 2, count]]));
  expect(replaced).toEqual([
    [scrapesToReplacement, 7],
    [2 * scrapesToReplacement, 7],
  ]);
  expect(new Set(answers.at(-1)).size).toBe(answers.at(-1)?.length);
});

test("all is well in the swarm, so that no alert fires", () => {
  const names = samplesOf(swarmText(["a", "b", "c", "d"]));
  expect(names).toHaveLength(1 + 4 + 4 + 3 + 4 * containersOfNode);
  expect(names.filter((line) => /(failed\S*|_tasks_failed) [^0]|ready\S* 0/.test(line))).toEqual([]);
});

test("windows of queries are as many scrapes long as in a farm", () => {
  expect(shortened("rate(a[300s]) or max_over_time((b)[600s:120s]) > 5", 30)).toBe(
    "rate(a[10000ms]) or max_over_time((b)[20000ms:4000ms]) > 5",
  );
});

test("a store that runs into its timeout is asked again, one that refuses is not", async () => {
  const answers = [503, 422, 200, 400];
  const server = createServer((request, response) => {
    const status = answers.shift() ?? 500;
    const value = { metric: {}, value: [1, request.url?.includes("query=sum%28up%29") ? "7" : "0"] };
    response.writeHead(status).end(JSON.stringify({ data: { result: [value] } }));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  try {
    expect(await sumOf(url, "up")).toBe(7);
    await expect(sumOf(url, "up")).rejects.toThrow("answers 400 to query?query=sum%28up%29");
    expect(answers).toEqual([]);
  } finally {
    server.closeAllConnections();
    server.close();
  }
});

test("the use of a process and of a folder is read", () => {
  const { cpuSeconds, resident, anonymous } = useOf(process.pid);
  expect(cpuSeconds).toBeGreaterThan(0.1);
  expect(resident).toBeGreaterThan(20);
  expect(resident).toBeGreaterThan(anonymous);
  const folder = mkdtempSync(join(tmpdir(), "store-"));
  writeFileSync(join(folder, "a"), Buffer.alloc(100_000, "a"));
  expect(bytesOf(folder)).toBeGreaterThanOrEqual(100_000);
  rmSync(folder, { recursive: true });
  expect(bytesOf(folder)).toBe(0);
});

test("the table has medians, and the median of each run's ratio", () => {
  const figures = (value: number, more: Partial<Figures> = {}): Figures => ({
    ...{ residentPeak: value, residentEnd: value, anonymousPeak: value, anonymousEnd: value },
    ...{ alertsResidentPeak: 0, alertsAnonymousPeak: 0, alertsCpuSeconds: 0 },
    ...{ cpuSeconds: value, bytesPerSample: value, samples: 1_000_000, scraped: 1 },
    ...{ all: value, slowest: value, cached: value, compactedBytesPerSample: undefined },
    ...more,
  });
  const run = (prometheus: number, victoria: number, scraped: number): Run => ({
    prometheus: figures(prometheus),
    victoria: figures(victoria, { alertsResidentPeak: 7, scraped }),
    samplesOfScrape: 1000,
    compared: { differing: scraped < 1 ? ["farm-cpu"] : [], series: 10, otherValues: 1 },
  });
  const text = table([run(10, 5, 1), run(20, 30, 0.9), run(30, 24, 1)]);
  expect(text).toContain("| memory at most, MiB | 20 | 24 | 0.80 |");
  expect(text).toContain("| … of rules of alerts alone |  | 7 |  |");
  expect(text).toContain("| disk for a sample, compacted, bytes |  |  |  |");
  expect(text).toContain("| CPU for a million samples, s | 20.00 | 24.00 | 0.80 |");
  expect(text).toContain("| CPU in an hour of a farm, s | 2.4 | 2.9 | 0.80 |");
  expect(text).toContain(
    "90 % of the scrapes or more succeeded; other series in farm-cpu; of 30 last values of series 3 ",
  );
});
