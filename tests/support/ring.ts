import { spawn, spawnSync, type ChildProcess } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { keepalivedConfig } from "../../stacks/loadbalancer/vip/keepalived";
import { ip, Namespaces, run } from "./namespaces";
import { repository } from "./sources";

/** The address that the nodes share. */
export const shared = "10.99.0.250";

const cidr = "10.99.0.0/24";
const image = join(repository, "stacks", "loadbalancer", "images", "keepalived");
const starter = join(repository, "tests", "support", "keepalived-node.sh");

/** One node has the address from `at` on, or no longer, in milliseconds since 1970. */
interface Change {
  readonly node: string;
  readonly at: number;
  readonly has: boolean;
}

interface Node {
  keepalived?: ChildProcess;
  balancer?: ChildProcess;
}

/** Nodes as network namespaces on one bridge, each with a server in place of the load balancer, and keepalived. */
export class Ring {
  readonly namespaces = new Namespaces();
  readonly changes: Change[] = [];
  private readonly nodes = new Map<string, Node>();
  private readonly monitors: ChildProcess[] = [];
  private readonly folder = mkdtempSync(join(tmpdir(), "vip-"));
  private readonly prefix = `vip${String(process.pid)}`;

  constructor(
    private readonly program: string,
    intervalSeconds = 1,
  ) {
    const plan = { addresses: [shared], cidr, healthPort: 80, intervalSeconds };
    writeFileSync(join(this.folder, "keepalived.conf"), keepalivedConfig(plan));
    writeFileSync(join(this.folder, "healthz"), "ok\n");
    this.namespaces.add(this.space("sw"));
    ip("-n", this.space("sw"), "link", "add", "br0", "type", "bridge");
    ip("-n", this.space("sw"), "link", "set", "br0", "up");
  }

  /** Adds a node with a balancer that answers, and starts its keepalived. */
  add(name: string, address: string): void {
    const space = this.space(name);
    this.namespaces.add(space);
    const bridge = this.space("sw");
    ip("-n", space, "link", "add", "eth0", "type", "veth", "peer", "name", name, "netns", bridge);
    ip("-n", bridge, "link", "set", name, "master", "br0", "up");
    ip("-n", space, "address", "add", `${address}/24`, "dev", "eth0");
    ip("-n", space, "link", "set", "eth0", "up");
    this.nodes.set(name, {});
    this.watch(name);
    this.startBalancer(name);
    this.startKeepalived(name);
  }

  startBalancer(name: string): void {
    const argv = ["busybox", "httpd", "-f", "-p", "80", "-h", this.folder];
    this.node(name).balancer = spawn("nsenter", [this.enter(name), "--", ...argv], { stdio: "ignore" });
  }

  startKeepalived(name: string): void {
    const own = ["unshare", "--mount", "--pid", "--fork", "--kill-child", "--mount-proc"];
    const argv = [...own, starter, this.program, image, "--use-file", join(this.folder, "keepalived.conf")];
    this.node(name).keepalived = spawn("nsenter", [this.enter(name), "--", ...argv], {
      stdio: "ignore",
      env: { ...process.env, NETWORK: cidr, ADDRESSES: shared },
    });
  }

  /** Sends a signal to all processes of a node's keepalived, as Docker's `kill` and `pause` reach a container. */
  signalKeepalived(name: string, signal: NodeJS.Signals): void {
    const root = this.node(name).keepalived?.pid;
    if (root === undefined) throw new Error(`${name} has no keepalived`);
    const [, first, ...others] = descendants(root);
    // The end of the first process of a namespace is the end of all; only a pause is for each.
    const reached = signal === "SIGTERM" || signal === "SIGKILL" ? [first] : [first, ...others];
    for (const pid of reached) if (pid !== undefined) process.kill(pid, signal);
  }

  signalBalancer(name: string, signal: NodeJS.Signals): void {
    this.node(name).balancer?.kill(signal);
  }

  removeAddress(name: string): void {
    ip("-n", this.space(name), "address", "delete", `${shared}/32`, "dev", "eth0");
  }

  /** The nodes that have the address. */
  holders(): string[] {
    return [...this.nodes.keys()].filter((name) => this.has(name));
  }

  /** Waits until one node alone has the address. @param not a node that it is not to be */
  async holder(not = ""): Promise<string> {
    const until = Date.now() + 20_000;
    while (Date.now() < until) {
      const [only = "", ...others] = this.holders();
      if (only !== "" && others.length === 0 && only !== not) return only;
      await sleep(50);
    }
    throw new Error(`no node alone has ${shared}: ${this.holders().join(", ") || "none has it"}`);
  }

  /** For how many seconds two nodes had the address, the longest time in one piece. */
  get overlapSeconds(): number {
    return this.longest((count) => count > 1);
  }

  /** Seconds from a time until another node had the address. */
  async secondsUntilAnother(since: number, before: string): Promise<number> {
    // Notices of the kernel arrive while this process waits.
    const until = Date.now() + 20_000;
    while (Date.now() < until) {
      const next = this.changes.find(({ node, at, has }) => has && node !== before && at >= since);
      if (next) return (next.at - since) / 1000;
      await sleep(20);
    }
    throw new Error(`no other node than ${before} took ${shared}`);
  }

  remove(): void {
    for (const [name, { balancer }] of this.nodes) {
      this.signalKeepalived(name, "SIGKILL");
      balancer?.kill("SIGKILL");
    }
    for (const child of this.monitors) child.kill("SIGKILL");
    this.namespaces.remove();
    rmSync(this.folder, { recursive: true });
  }

  private longest(applies: (count: number) => boolean): number {
    const having = new Set<string>();
    let longest = 0;
    let since: number | undefined;
    for (const { node, at, has } of [...this.changes].sort((a, b) => a.at - b.at)) {
      if (has) having.add(node);
      else having.delete(node);
      if (!applies(having.size) && since !== undefined) longest = Math.max(longest, at - since);
      since = applies(having.size) ? (since ?? at) : undefined;
    }
    return (since === undefined ? longest : Math.max(longest, Date.now() - since)) / 1000;
  }

  /** The kernel's own notices, with its times. */
  private watch(name: string): void {
    const child = spawn("ip", ["-n", this.space(name), "-4", "-o", "-tshort", "monitor", "address"]);
    this.monitors.push(child);
    child.stdout.on("data", (data: Buffer) => {
      for (const line of data
        .toString()
        .split("\n")
        .filter((each) => each.includes(` ${shared}/`))) {
        const at = new Date(/^\[(\S+)\]/.exec(line)?.[1] ?? "").getTime();
        this.changes.push({ node: name, at, has: !/^\[\S+\] *Deleted/.test(line) });
      }
    });
  }

  private has(name: string): boolean {
    return run(this.space(name), "ip", "-4", "-o", "address", "show", "to", shared).stdout !== "";
  }

  private node(name: string): Node {
    const node = this.nodes.get(name);
    if (!node) throw new Error(`there is no node ${name}`);
    return node;
  }

  private space(name: string): string {
    return `${this.prefix}-${name}`;
  }

  private enter(name: string): string {
    return `--net=/run/netns/${this.space(name)}`;
  }
}

/** A process and all below it. */
function descendants(pid: number): number[] {
  const children = spawnSync("pgrep", ["-P", String(pid)], { encoding: "utf8" })
    .stdout.split("\n")
    .filter(Boolean)
    .map(Number);
  return [pid, ...children.flatMap(descendants)];
}
