import { execFileSync, spawn, spawnSync, type ChildProcess } from "node:child_process";
import { rmSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";

/** Network namespaces of a test's own, and processes in them. Traffic does not leave them. `remove` them after the test. */
export class Namespaces {
  private readonly names: string[] = [];
  private readonly processes: ChildProcess[] = [];

  /** Whether this process may make namespaces, and the programs are installed. */
  static areUsable(...programs: readonly string[]): boolean {
    const found = programs.every((name) => spawnSync("sh", ["-c", 'command -v "$1"', "sh", name]).status === 0);
    return process.getuid?.() === 0 && found;
  }

  /** Adds namespaces, with loopback up. Those of a run that crashed make way. */
  add(...names: readonly string[]): void {
    for (const name of names) {
      removeNamespace(name);
      ip("netns", "add", name);
      this.names.push(name);
      ip("-n", name, "link", "set", "lo", "up");
    }
  }

  /** Joins two namespaces by a cable: an interface and its address on both ends. */
  cable(
    one: readonly [namespace: string, address: string],
    other: readonly [namespace: string, address: string],
  ): void {
    const ends = [one, other].map(([namespace, address], index) => ({
      namespace,
      address,
      name: cableEnd(namespace, index),
    }));
    const [a, b] = ends;
    if (!a || !b) return;
    ip("-n", a.namespace, "link", "add", a.name, "type", "veth", "peer", "name", b.name, "netns", b.namespace);
    for (const { namespace, address, name } of ends) {
      if (address !== "") ip("-n", namespace, "address", "add", address, "dev", name);
      ip("-n", namespace, "link", "set", name, "up");
    }
  }

  /** Starts a server, and waits until it listens on a port. */
  async serve(namespace: string, port: number, ...argv: readonly string[]): Promise<void> {
    const child = spawn("nsenter", [net(namespace), "--", ...argv], { stdio: ["ignore", "ignore", "inherit"] });
    this.processes.push(child);
    for (let attempts = 0; attempts < 200; attempts++) {
      if (run(namespace, "ss", "-Htuln", `sport = :${String(port)}`).stdout.trim() !== "") return;
      await sleep(20);
    }
    throw new Error(`${argv.join(" ")} does not listen on port ${String(port)}`);
  }

  /** Ends the processes, and removes the namespaces. */
  remove(): void {
    for (const child of this.processes) child.kill("SIGKILL");
    for (const name of this.names.reverse()) removeNamespace(name);
  }
}

/** Ends every process of a namespace, since workers outlive a master that is killed, and removes it; it may be missing. */
function removeNamespace(name: string): void {
  const { stdout } = spawnSync("ip", ["netns", "pids", name], { encoding: "utf8" });
  for (const pid of stdout.split("\n").filter(Boolean)) {
    // It may have ended since.
    spawnSync("kill", ["-KILL", pid]);
  }
  spawnSync("ip", ["netns", "del", name]);
  rmSync(`/run/netns/${name}`, { force: true });
}

/** Runs a program in a namespace to its end. */
export function run(namespace: string, ...argv: readonly string[]) {
  return spawnSync("nsenter", [net(namespace), "--", ...argv], { encoding: "utf8", timeout: 20_000 });
}

/** Runs `ip`. */
export function ip(...args: readonly string[]): string {
  return execFileSync("ip", args, { encoding: "utf8" });
}

function net(namespace: string): string {
  return `--net=/run/netns/${namespace}`;
}

/** Interfaces have at most 15 characters; a namespace may be the first end of one cable and the second of another. */
function cableEnd(namespace: string, index: number): string {
  return `${namespace.slice(-10)}-${index === 0 ? "a" : "b"}`;
}
