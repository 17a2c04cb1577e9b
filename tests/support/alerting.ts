import { spawn, type ChildProcess } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type IncomingHttpHeaders } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { alertmanagerFlags } from "../../stacks/monitoring/alertmanager-flags";
import { prometheusFlags } from "../../stacks/monitoring/prometheus-flags";
import { alertmanagerFiles, prometheusProgram } from "./prometheus";
import { freePort } from "./free-port";
import { repository } from "./sources";

/** A program of the test's own on loopback. */
export interface Program {
  readonly port: number;
  readonly folder: string;
  stop(): Promise<void>;
}

/** Alertmanager with the arguments of a farm; only paths, address and its waits differ. */
export async function startAlertmanager(program: string, config: object): Promise<Program> {
  const starter = join(repository, "tests", "support", "alertmanager.sh");
  const text = JSON.stringify(config)
    .replace('"group_wait":"30s"', '"group_wait":"100ms"')
    .replace('"group_interval":"5m"', '"group_interval":"2s"');
  return startProgram("unshare", { "alertmanager.yml": text }, (folder, port) => [
    ...["--mount", starter, alertmanagerFiles, program],
    ...alertmanagerFlags.map((flag) => flag.replace(/\/run\/secrets|\/tmp/, folder)),
    `--web.listen-address=127.0.0.1:${String(port)}`,
  ]);
}

/** Starts a program with files in a folder of its own, and waits until it answers `/-/ready`. */
export async function startProgram(
  program: string,
  files: Readonly<Record<string, string>>,
  args: (folder: string, port: number) => readonly string[],
  path = "/-/ready",
): Promise<Program> {
  const folder = mkdtempSync(join(tmpdir(), "monitoring-"));
  for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content);
  const port = await freePort();
  const child = spawn(program, args(folder, port), { stdio: ["ignore", "pipe", "pipe"] });
  let log = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (data: Buffer) => (log += data.toString()));
  await until(async () => {
    if (child.exitCode !== null) throw new Error(`${program} ended: ${log}`);
    const answer = await fetch(`http://127.0.0.1:${String(port)}${path}`).catch(() => undefined);
    return answer?.ok ?? false;
  });
  return { port, folder, stop: () => stopped(child, folder) };
}

async function stopped(child: ChildProcess, folder: string): Promise<void> {
  const ended = new Promise((resolve) => child.on("close", resolve));
  child.kill("SIGKILL");
  await ended;
  rmSync(folder, { recursive: true, force: true });
}

/** Waits until a condition holds. */
export async function until(holds: () => Promise<boolean> | boolean, milliseconds = 30_000): Promise<void> {
  const deadline = Date.now() + milliseconds;
  for (;;) {
    if (await holds()) return;
    if (Date.now() > deadline) throw new Error(`not within ${String(milliseconds)} ms`);
    await sleep(50);
  }
}

/** Tells Alertmanager of an alert, as Prometheus does. */
export async function fire(
  port: number,
  labels: Record<string, string>,
  annotations: object,
  over = false,
): Promise<void> {
  const now = Date.now();
  const endsAt = new Date(over ? now : now + 3_600_000).toISOString();
  const body = JSON.stringify([{ labels, annotations, startsAt: new Date(now - 60_000).toISOString(), endsAt }]);
  const headers = { "Content-Type": "application/json" };
  const answer = await fetch(`http://127.0.0.1:${String(port)}/api/v2/alerts`, { method: "POST", headers, body });
  if (!answer.ok) throw new Error(`Alertmanager answers ${String(answer.status)}: ${await answer.text()}`);
}

/** A request that a webhook got. */
interface Call {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: unknown;
}

/** An HTTP server on loopback that keeps what is posted to it; requests to `/hang` get no answer. */
export async function startWebhook() {
  const calls: Call[] = [];
  const server = createServer((request, response) => {
    let text = "";
    request.on("data", (data: Buffer) => (text += data.toString()));
    request.on("end", () => {
      calls.push({ path: request.url ?? "", headers: request.headers, body: JSON.parse(text) });
      if (request.url !== "/hang") response.end("ok");
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`,
    calls,
    stop: () =>
      new Promise<void>((resolve) => {
        server.closeAllConnections();
        server.close(() => {
          resolve();
        });
      }),
  };
}

/** Debian's Prometheus with the farm's flags, on a port of 127.0.0.1; `files` has its `prometheus.yml`. */
export function startPrometheus(files: Readonly<Record<string, string>>): Promise<Program> {
  return startProgram(prometheusProgram ?? "", files, (own, port) => [
    ...prometheusFlags({ retentionDays: 15, diskMiB: 2048 }),
    `--config.file=${own}/prometheus.yml`,
    `--storage.tsdb.path=${own}/data`,
    `--web.listen-address=127.0.0.1:${String(port)}`,
  ]);
}
