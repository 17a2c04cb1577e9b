import { spawn, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import type { TestContext } from "node:test";
import { until } from "../helpers.ts";

const cache = process.env.FARM_CACHE ?? join(process.env.XDG_CACHE_HOME ?? join(homedir(), ".cache"), "swarm-farm");
const program = (name: string) => join(cache, "prometheus/usr/bin", name);

/** Given to a test: why it is skipped, where `./farm setup` or the tests of the farm have not unpacked Debian's Prometheus. */
export const withoutPrometheus = ["prometheus", "promtool"].every((name) => existsSync(program(name)))
  ? false
  : `there is no ${program("prometheus")}`;

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** A Prometheus with these samples, in the OpenMetrics format, until the test ends; its URL. */
export async function prometheusWith(t: Pick<TestContext, "after">, samples: string): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), "graphs-"));
  const file = (name: string, text: string) => {
    writeFileSync(join(folder, name), text);
    return join(folder, name);
  };
  const data = join(folder, "data");
  const made = spawnSync(
    program("promtool"),
    ["tsdb", "create-blocks-from", "openmetrics", file("samples.txt", samples), data],
    { encoding: "utf8" },
  );
  if (made.status !== 0) throw new Error(made.stdout + made.stderr);
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const child = spawn(program("prometheus"), [
    `--config.file=${file("prometheus.yml", "{}")}`,
    `--storage.tsdb.path=${data}`,
    "--storage.tsdb.retention.time=100y",
    `--web.listen-address=127.0.0.1:${port}`,
    "--log.level=error",
  ]);
  t.after(async () => {
    const ended = new Promise((resolve) => child.once("exit", resolve));
    child.kill();
    await ended;
    rmSync(folder, { recursive: true });
  });
  const answers = () =>
    fetch(`${url}/-/ready`).then(
      ({ ok }) => ok,
      () => false,
    );
  await until("Prometheus answers", answers, 60_000);
  return url;
}
