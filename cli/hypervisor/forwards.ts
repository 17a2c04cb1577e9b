import { spawn } from "node:child_process";
import { closeSync, existsSync, mkdirSync, openSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { isIPv4 } from "node:net";
import { join } from "node:path";
import type { Context } from "../context";
import { run } from "../process/run";
import { decidedMode, libvirtdPid } from "./enter";
import { processName } from "./system";

type Farm = Pick<Context, "stack" | "folders">;

/** Where a person opens what runs. */
interface Addresses {
  readonly urls: Readonly<Record<string, string>>;
  readonly nodes: readonly { readonly address: string }[];
}

/** Ports below 1024 are root's and often taken: the local one is this much higher. */
const privilegedOffset = 8000;
const firstFallbackPort = 18_080;

/** The endpoint that a URL leads to, and how it is shown once it is forwarded. */
interface Endpoint {
  readonly address: string;
  readonly port: number;
  /** The host of the forwarded URL. */
  readonly shown: string;
}

/** @param node any node, which answers for names that lead nowhere yet */
export function endpointOf(url: string, node: string): Endpoint {
  const { protocol, hostname, port } = new URL(url);
  const isAddress = isIPv4(hostname);
  return {
    address: isAddress ? hostname : node,
    port: port === "" ? (protocol === "https:" ? 443 : 80) : Number(port),
    shown: !isAddress && hostname.endsWith(".localhost") ? hostname : "127.0.0.1",
  };
}

/** The URL that leads through a port of this machine. */
export function forwardedUrl(url: string, { shown }: Endpoint, port: number): string {
  const { protocol, pathname, search, hash } = new URL(url);
  return `${protocol}//${shown}:${String(port)}${pathname}${search}${hash}`;
}

/**
 * Forwards the URLs of an isolated farm to loopback, one listener for each port that they lead to, so that a browser on this
 * machine opens them. `forward/NAME.url` has the URL to open.
 */
export async function startForwards(farm: Farm, { urls, nodes }: Addresses): Promise<void> {
  stopForwards(farm);
  const pid = libvirtdPid(farm);
  const node = nodes[0]?.address;
  if (decidedMode(farm) !== "isolated" || pid === undefined || node === undefined) return;
  const folder = folderOf(farm);
  mkdirSync(folder, { recursive: true });
  const ports = new Map<string, number>();
  for (const [name, url] of Object.entries(urls)) {
    const endpoint = endpointOf(url, node);
    const key = `${endpoint.address}-${String(endpoint.port)}`;
    const wanted = endpoint.port < 1024 ? endpoint.port + privilegedOffset : endpoint.port;
    const port = ports.get(key) ?? (await freePort(wanted, new Set(ports.values())));
    if (!ports.has(key)) listen(farm, pid, endpoint, port, join(folder, `${key}.pid`));
    ports.set(key, port);
    writeFileSync(join(folder, `${name}.url`), `${forwardedUrl(url, endpoint, port)}\n`);
  }
}

/** socat enters no namespaces before 1.8: each connection enters through nsenter. */
function listen(farm: Farm, pid: number, { address, port }: Endpoint, local: number, pidFile: string): void {
  const logs = join(farm.folders.cache, "logs");
  mkdirSync(logs, { recursive: true });
  const log = openSync(join(logs, "forward.log"), "a");
  const child = spawn(
    "socat",
    [
      `TCP-LISTEN:${String(local)},bind=127.0.0.1,reuseaddr,fork`,
      `EXEC:nsenter --target ${String(pid)} --net socat - TCP\\:${address}\\:${String(port)}`,
    ],
    { detached: true, env: process.env, stdio: ["ignore", log, log] },
  );
  closeSync(log);
  // A machine without socat has the farm all the same.
  child.on("error", () => undefined);
  child.unref();
  if (child.pid !== undefined) writeFileSync(pidFile, `${String(child.pid)}\n`);
}

/** Ends the listeners. */
export function stopForwards(farm: Farm): void {
  const folder = folderOf(farm);
  if (!existsSync(folder)) return;
  for (const file of readdirSync(folder).filter((name) => name.endsWith(".pid"))) {
    const pid = Number(readFileSync(join(folder, file), "utf8"));
    // The number may be another process's by now.
    if (processName(pid) === "socat") process.kill(pid);
  }
  rmSync(folder, { recursive: true });
}

/** A port, or the next one in the fallback range on which no program listens. */
async function freePort(wanted: number, taken: ReadonlySet<number>): Promise<number> {
  for (let port = wanted; ; port = port < firstFallbackPort ? firstFallbackPort : port + 1) {
    if (taken.has(port)) continue;
    const { stdout } = await run(["ss", "-Hltn", `sport = :${String(port)}`]);
    if (stdout.trim() === "") return port;
  }
}

function folderOf({ folders }: Farm): string {
  return join(folders.state, "forward");
}
