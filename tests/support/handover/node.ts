import { execFileSync, spawn, type ChildProcess } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { stopSignalNumber } from "../../../stacks/loadbalancer/handover/tasks";
import { ip, Namespaces, run } from "../namespaces";
import { repository } from "../sources";
import { FakeDocker } from "./docker-api";
import type { Kind } from "../proxy-program";
import { startTask, type TaskOptions } from "./task";

const program = join(repository, "stacks", "loadbalancer", "handover", "node", "handover");
/** Files of tests run side by side, each in a worker of jest. */
const prefix = `sf-test-h${process.env.JEST_WORKER_ID ?? ""}`;
const names = { client: `${prefix}-c`, node: `${prefix}-n` } as const;
const gateway = "172.30.0.1";

/** Rules as Docker 26 has them, for a bridge named like its own; the owner of the node has one in DOCKER-USER. */
const dockerRules = `*filter
:FORWARD DROP [0:0]
:DOCKER-USER - [0:0]
-A FORWARD -j DOCKER-USER
-A FORWARD -o docker_gwbridge -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT
-A FORWARD -i docker_gwbridge ! -o docker_gwbridge -j ACCEPT
-A FORWARD -i docker_gwbridge -o docker_gwbridge -j DROP
-A DOCKER-USER -s 10.9.0.66 -j DROP
-A DOCKER-USER -j RETURN
COMMIT
`;

/** A task of the load balancer in a namespace of its own. */
export interface Task {
  readonly id: string;
  readonly address: string;
  readonly process: ChildProcess;
  readonly ended: Promise<void>;
}

/** A node with its handover, a client beside it, and a service behind its tasks; all in namespaces. */
export class HandoverNode {
  readonly folder = mkdtempSync(join(tmpdir(), "handover-"));
  readonly docker = new FakeDocker(join(this.folder, "docker.sock"));
  /** The node's address for the client. */
  readonly address = "10.9.0.2";
  private readonly namespaces = new Namespaces();
  private readonly processes: ChildProcess[] = [];
  private agent: ChildProcess | undefined;
  private tasks = 0;
  private said = "";

  async start(): Promise<void> {
    const { client, node } = names;
    this.namespaces.add(client, node);
    this.namespaces.cable([client, "10.9.0.1/24"], [node, `${this.address}/24`]);
    ip("-n", node, "link", "add", "docker_gwbridge", "type", "bridge");
    ip("-n", node, "address", "add", `${gateway}/16`, "dev", "docker_gwbridge");
    ip("-n", node, "link", "set", "docker_gwbridge", "up");
    run(node, "sysctl", "-qw", "net.ipv4.ip_forward=1", "net.ipv4.conf.all.rp_filter=0");
    this.inNode(["iptables-restore"], dockerRules);
    await this.namespaces.serve(node, 9000, process.execPath, join(__dirname, "backend.mjs"));
    await this.docker.start();
  }

  /** Starts the handover, as systemd would. */
  startHandover(settings: Readonly<Record<string, string>> = {}): void {
    const env = {
      ...{ SERVICE: "loadbalancer", PORTS: "80:8080 443:8443", HEALTH_PORT: "8080", SUCCESSOR_SECONDS: "30" },
      ...this.settings(),
      ...settings,
    };
    const agent = spawn("nsenter", [`--net=/run/netns/${names.node}`, "--", program], { env, detached: true });
    const note = (data: Buffer) => (this.said += data.toString());
    agent.stdout.on("data", note);
    agent.stderr.on("data", note);
    this.agent = agent;
  }

  /** Ends it without a warning. */
  killHandover(): void {
    if (this.agent?.pid !== undefined) process.kill(-this.agent.pid, "SIGKILL");
    this.agent = undefined;
  }

  /** Starts another task, which Docker then lists. */
  startTask(kind: Kind, options: TaskOptions = {}): Task {
    const number = (this.tasks += 1);
    const [name, address] = [`${prefix}-${String(number)}`, `172.30.0.${String(number + 1)}`];
    this.namespaces.add(name);
    const end = `ho-${String(number)}`;
    ip("-n", names.node, "link", "add", end, "type", "veth", "peer", "name", "eth0", "netns", name);
    ip("-n", names.node, "link", "set", end, "master", "docker_gwbridge", "up");
    ip("-n", name, "address", "add", `${address}/16`, "dev", "eth0");
    ip("-n", name, "link", "set", "eth0", "up");
    ip("-n", name, "route", "add", "default", "via", gateway);
    const child = startTask(kind, name, mkdtempSync(join(this.folder, "task-")), gateway, options);
    this.processes.push(child);
    const id = number.toString(16).padStart(64, "0");
    const pid = child.pid ?? 0;
    mkdirSync(join(this.folder, "proc", String(pid)), { recursive: true });
    writeFileSync(join(this.folder, "proc", String(pid), "cgroup"), `0::/docker/${id}\n`);
    const signal = options.withoutSignal ? [] : [`DRAIN_SIGNAL=${kind === "nginx" ? "QUIT" : "USR1"}`];
    this.docker.containers.unshift({ id, address, pid, env: ["PATH=/bin", ...signal] });
    this.docker.emit("start", id);
    const ended = new Promise<void>((resolve) => {
      child.on("exit", () => {
        this.docker.containers.splice(
          this.docker.containers.findIndex((each) => each.id === id),
          1,
        );
        this.docker.emit("die", id);
        resolve();
      });
    });
    return { id, address, process: child, ended };
  }

  /** Docker stops a task: by a signal that nginx and HAProxy do not see. */
  stop({ id, process: child }: Task): void {
    child.kill("SIGURG");
    this.docker.emit("kill", id, { signal: String(stopSignalNumber) });
  }

  /** Starts client.mjs, and waits until it has begun. */
  async client(...args: readonly string[]): Promise<{ finish(): Promise<Record<string, number>> }> {
    const argv = [`--net=/run/netns/${names.client}`, "--", process.execPath, join(__dirname, "client.mjs")];
    const child = spawn("nsenter", [...argv, this.address, ...args], { stdio: ["pipe", "pipe", "inherit"] });
    this.processes.push(child);
    let output = "";
    child.stdout.on("data", (data: Buffer) => (output += data.toString()));
    const ended = new Promise<void>((resolve) =>
      child.on("close", () => {
        resolve();
      }),
    );
    await this.until(() => output.includes("begun"), "the client begins");
    return {
      finish: async () => {
        child.stdin.end();
        await ended;
        return JSON.parse(output.trim().split("\n").at(-1) ?? "{}") as Record<string, number>;
      },
    };
  }

  /** Runs a program in the node. */
  inNode(argv: readonly string[], input = ""): string {
    return execFileSync("nsenter", [`--net=/run/netns/${names.node}`, "--", ...argv], { encoding: "utf8", input });
  }

  /** Runs `handover end`. */
  async end(): Promise<void> {
    const argv = [`--net=/run/netns/${names.node}`, "--", program, "end"];
    const child = spawn("nsenter", argv, { env: { SERVICE: "loadbalancer", ...this.settings() }, stdio: "ignore" });
    await new Promise((resolve) => child.on("close", resolve));
  }

  /** The address that new connections to a port go to. */
  directed(port = 443): string | undefined {
    const rules = this.inNode(["iptables", "-t", "nat", "-S"]);
    return new RegExp(`--dport ${String(port)} -j DNAT --to-destination ([0-9.]+):`).exec(rules)?.[1];
  }

  /** Everything that the handover has logged. */
  get log(): string {
    return this.said;
  }

  /** Waits until something is so. */
  async until(isSo: () => boolean, what: string, seconds = 60): Promise<void> {
    const deadline = Date.now() + seconds * 1000;
    while (!isSo()) {
      if (Date.now() > deadline) throw new Error(`waited ${String(seconds)} s until ${what}; it wrote: ${this.said}`);
      await sleep(50);
    }
  }

  remove(): void {
    this.killHandover();
    this.docker.stop();
    for (const child of this.processes) child.kill("SIGKILL");
    this.namespaces.remove();
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** From now on systemd says that Docker stops. */
  dockerStops(): void {
    writeFileSync(join(this.folder, "systemctl"), "#!/bin/sh\necho deactivating\n", { mode: 0o755 });
  }

  /** A file of the handover's state. */
  state(folder: string, id: string): string | undefined {
    try {
      return readFileSync(join(this.folder, "state", folder, id), "utf8");
    } catch {
      return undefined;
    }
  }

  private settings(): Record<string, string> {
    return {
      PATH: `${this.folder}:${process.env.PATH ?? ""}`,
      STOP_SIGNAL: String(stopSignalNumber),
      HANDOVER_STATE: join(this.folder, "state"),
      HANDOVER_DOCKER: join(this.folder, "docker.sock"),
      HANDOVER_PROC: join(this.folder, "proc"),
    };
  }
}
