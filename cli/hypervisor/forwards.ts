import { spawn } from "node:child_process";
import { closeSync, existsSync, mkdirSync, openSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { isIPv4 } from "node:net";
import { join } from "node:path";
import type { Context } from "../context/context";
import { run } from "../process/run";
import { decidedMode, libvirtdPid } from "./enter";
import { processName } from "./system";

type Farm = Pick<Context, "stack" | "folders">;

/** The URLs of the outputs. */
interface Addresses {
  readonly urls: Readonly<Record<string, string>>;
  readonly nodes: readonly { readonly address: string }[];
  /** Addresses that survive a node. Default: none. */
  readonly addresses?: readonly string[];
}

/** Added to ports below 1024, which are root's and often in use. */
const privilegedOffset = 8000;
const firstFallbackPort = 18_080;

/** The endpoint of a URL, and the host of the forwarded URL. */
interface Endpoint {
  readonly address: string;
  readonly port: number;
  /** The host of the forwarded URL. */
  readonly shown: string;
}

/** @param node an address that leads to every URL, for host names that do not resolve yet */
export function endpointOf(url: string, node: string): Endpoint {
  const { protocol, hostname, port } = new URL(url);
  const isAddress = isIPv4(hostname);
  return {
    address: isAddress ? hostname : node,
    port: port === "" ? (protocol === "https:" ? 443 : 80) : Number(port),
    shown: !isAddress && hostname.endsWith(".localhost") ? hostname : "127.0.0.1",
  };
}

/** The URL with a port of this machine. */
export function forwardedUrl(url: string, { shown }: Endpoint, port: number): string {
  const { protocol, pathname, search, hash } = new URL(url);
  return `${protocol}//${shown}:${String(port)}${pathname}${search}${hash}`;
}

/**
 * Forwards the URLs of an isolated farm from loopback, for browsers on this machine: one listener for each port.
 * `forward/NAME.url` has the URL to open. A node sees the gateway of the farm's network as the client.
 */
export async function startForwards(farm: Farm, { urls, nodes, addresses = [] }: Addresses): Promise<void> {
  stopForwards(farm);
  const pid = libvirtdPid(farm);
  const node = addresses[0] ?? nodes[0]?.address;
  if (decidedMode(farm) !== "isolated" || pid === undefined || node === undefined) return;
  const folder = folderOf(farm);
  mkdirSync(folder, { recursive: true });
  const ports = new Map<string, number>();
  for (const [name, url] of Object.entries(urls)) {
    const endpoint = endpointOf(url, node);
    const key = `${endpoint.address}-${String(endpoint.port)}`;
    const preferred = endpoint.port < 1024 ? endpoint.port + privilegedOffset : endpoint.port;
    const port = ports.get(key) ?? (await freePort(preferred, new Set(ports.values())));
    if (!ports.has(key)) listen(farm, pid, endpoint, port, join(folder, `${key}.pid`));
    ports.set(key, port);
    writeFileSync(join(folder, `${name}.url`), `${forwardedUrl(url, endpoint, port)}\n`);
  }
}

/** socat enters no namespaces before 1.8: each connection enters through nsenter. */
function listen(farm: Farm, pid: number, { address, port }: Endpoint, local: number, pidFile: string): void {
  const { logs } = farm.folders;
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
  // Without socat only the forwards are missing.
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
    // Another process may have the id by now.
    if (processName(pid) === "socat") process.kill(pid);
  }
  rmSync(folder, { recursive: true });
}

/** A port, or the next one in the fallback range on which no program listens. */
async function freePort(preferred: number, used: ReadonlySet<number>): Promise<number> {
  for (let port = preferred; ; port = port < firstFallbackPort ? firstFallbackPort : port + 1) {
    if (used.has(port)) continue;
    const { stdout } = await run(["ss", "-Hltn", `sport = :${String(port)}`]);
    if (stdout.trim() === "") return port;
  }
}

function folderOf({ folders }: Farm): string {
  return join(folders.state, "forward");
}
