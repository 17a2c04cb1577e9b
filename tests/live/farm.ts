import { spawn } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { transients } from "../../cli/engine/retry";
import { waiting } from "./waits";

/** Output and exit status of a command. */
export interface Ended {
  readonly status: number | null;
  readonly stdout: string;
  /** Both streams in order of arrival. */
  readonly output: string;
}

export const repository = join(__dirname, "..", "..");

/**
 * The configuration of the repository, without the line `encryptionsalt` that Pulumi adds, and without a way out: farms of tests
 * send nothing to networks of this machine.
 */
export function shippedConfig(): string {
  return readFileSync(join(repository, "Pulumi.dev.yaml"), "utf8")
    .replace(/^encryptionsalt:.*\n?/m, "")
    .replace(/^ {2}swarm-farm:network:\n/m, "$&    egress: false\n");
}

/** A node's address in the shipped configuration. */
export const addresses = {
  manager1: "10.77.0.11",
  worker1: "10.77.0.21",
  worker2: "10.77.0.22",
  worker3: "10.77.0.23",
} as const;

/** A farm that runs hello alone, one on each node. */
export function smallConfig(nodes: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return {
    hosts: { local: { uri: "qemu:///system" } },
    network: { cidr: "10.77.0.0/24", egress: false },
    nodes,
    hello: { port: 8080 },
  };
}

/** On a task's node: the container of a service's task, in shell text. */
export const containerOf = (service: string): string =>
  `$(docker ps -q --filter label=com.docker.swarm.service.name=${service})`;

/** Where the load balancer answers. */
export const origin = `https://${addresses.manager1}`;

/**
 * A farm of the test's own: its state, passphrase and stack are in a folder that nothing else uses, and its hypervisor
 * in a namespace that follows from it. Caches are shared, since they are named by content.
 */
export class TestFarm {
  readonly home: string;
  readonly stackFile: string;
  readonly env: NodeJS.ProcessEnv;
  private knownNamespace: string | undefined;

  /** @param home the folder of an existing farm. Default: a new one */
  constructor(
    readonly stack: string,
    home?: string,
  ) {
    // Short: ssh keeps its control sockets below, and a socket's path has at most 107 characters.
    this.home = home ?? mkdtempSync(join(tmpdir(), "sf-"));
    this.stackFile = join(repository, `Pulumi.${stack}.yaml`);
    // Variables that `./farm test` sets for the person's own farm must not reach this one; the folder of the plugins may.
    const env = Object.fromEntries(
      Object.entries(process.env).filter(([name]) => name === "PULUMI_HOME" || !/^(PULUMI|FARM)_/.test(name)),
    );
    this.env = {
      ...env,
      XDG_STATE_HOME: join(this.home, "s"),
      XDG_CONFIG_HOME: join(this.home, "c"),
      PULUMI_BACKEND_URL: `file://${join(this.home, "s", "swarm-farm", "pulumi")}`,
      PULUMI_STACK: stack,
      FARM_ISOLATED: "1",
    };
    // The images in the shared cache are signed with the key of this machine's user.
    const signing = join(process.env.XDG_CONFIG_HOME ?? join(homedir(), ".config"), "swarm-farm", "signing");
    const link = join(this.home, "c", "swarm-farm", "signing");
    mkdirSync(dirname(link), { recursive: true });
    rmSync(link, { force: true });
    symlinkSync(signing, link);
  }

  /** Where the certificate of the farm's authority is put. */
  get authority(): string {
    return join(this.home, "ca.crt");
  }

  /** Names the process that is the farm's way out. */
  get egressPidFile(): string {
    return join(this.home, "s", "swarm-farm", this.stack, "egress.pid");
  }

  /** The LAMP stack's content, the farm's own copy of it. */
  get content(): string {
    return join(this.home, "content");
  }

  /**
   * Begins with the shipped configuration, a copy of the LAMP stack's content, which the tests may change, and a port of hello
   * through the routing mesh.
   */
  configureAsShipped(): void {
    cpSync(join(repository, "stacks", "lamp", "content"), this.content, { recursive: true });
    const config = shippedConfig().replace("lamp: {}", `lamp: { contentDir: ${this.content} }`);
    writeFileSync(this.stackFile, config.replace("hello: {}", "hello:\n    port: 8080"));
  }

  /** Writes another configuration; the line that Pulumi added stays. */
  configureAs(keys: Readonly<Record<string, unknown>>): void {
    const before = existsSync(this.stackFile) ? readFileSync(this.stackFile, "utf8") : "";
    const salt = /^encryptionsalt: .*$/m.exec(before)?.[0];
    const lines = Object.entries(keys).map(([key, value]) => `  swarm-farm:${key}: ${JSON.stringify(value)}\n`);
    writeFileSync(this.stackFile, `config:\n${lines.join("")}${salt === undefined ? "" : `${salt}\n`}`);
  }

  /** Edits the configuration file. */
  configure(change: (config: string) => string): void {
    writeFileSync(this.stackFile, change(readFileSync(this.stackFile, "utf8")));
  }

  /** Runs `./farm ARGS…`; `shown` also prints what it says, for the long ones. */
  async farm(
    args: readonly string[],
    options: { shown?: boolean; env?: NodeJS.ProcessEnv; through?: readonly string[] } = {},
  ): Promise<Ended> {
    const [program = "", ...rest] = [...(options.through ?? []), join(repository, "farm"), ...args];
    return run(program, rest, { ...this.env, ...options.env }, options.shown ?? false);
  }

  /** Like `farm`, and fails unless it ended well. */
  async ok(args: readonly string[], options: { shown?: boolean } = {}): Promise<Ended> {
    return endedWell(`./farm ${args.join(" ")}`, await this.farm(args, options));
  }

  /** Plain `pulumi up` in the environment of `./farm env`: no setup, and no preview before. */
  async pulumiUp(...args: readonly string[]): Promise<Ended> {
    return this.withEnv('pulumi up --yes --skip-preview --non-interactive "$@"', { args, shown: true });
  }

  /** Like `pulumiUp`, and fails unless it ended well. After a fault that is known to pass it is tried once more, as `./farm up` does. */
  async change(...args: readonly string[]): Promise<Ended> {
    const first = await this.pulumiUp(...args);
    const retry = first.status === 0 ? undefined : transients.find(({ pattern }) => pattern.test(first.output));
    if (!retry) return endedWell("pulumi up", first);
    const refresh = retry.refreshes === true ? ["--refresh"] : [];
    const second = endedWell("pulumi up, repeated", await this.pulumiUp(...refresh, ...args));
    return { ...second, output: first.output + second.output };
  }

  /** Output of the swarm's docker. */
  async docker(...args: readonly string[]): Promise<string> {
    return (await this.ok(["docker", ...args])).stdout.trim();
  }

  /** Output of virsh on the farm's own libvirt. */
  async virsh(...args: readonly string[]): Promise<string> {
    return (await this.ok(["run", "--", "virsh", "-q", ...args])).stdout.trim();
  }

  /** A field of each task of a service that is desired to run, e.g. its `{{.Node}}`. */
  async runningTasks(service: string, format: string): Promise<string[]> {
    const running = ["--filter", "desired-state=running", "--no-trunc", "--format", format];
    const lines = (await this.docker("service", "ps", service, ...running)).split("\n");
    return lines.filter((line) => line !== "").sort();
  }

  /** The namespace of the farm's addresses; it follows from the farm's folder, also if the farm is built again. */
  async namespace(): Promise<string> {
    this.knownNamespace ??= (await this.ok(["run", "--", "ip", "netns", "identify"])).stdout.trim();
    return this.knownNamespace;
  }

  /** curl where the farm's addresses are; it is called often, so without the time that `./farm run` takes to start. */
  async tryCurl(args: readonly string[]): Promise<Ended> {
    const command = ["netns", "exec", await this.namespace(), "curl", "-sS", "--max-time", "60", ...args];
    return run("ip", command, this.env, false);
  }

  /** Output of curl, which trusts the farm's CA; fails unless curl succeeds. */
  async curl(args: readonly string[], authority: string = this.authority): Promise<string> {
    return endedWell(`curl ${args.join(" ")}`, await this.tryCurl(["--cacert", authority, ...args])).stdout;
  }

  /** Keeps the certificate of the farm's authority for `curl`. */
  async trustAuthority(): Promise<void> {
    writeFileSync(this.authority, (await this.withEnv("pulumi stack output authorityCertificate")).stdout);
  }

  /** A script where plain `pulumi` works on the farm; its arguments are `$1` and so on. */
  async withEnv(script: string, options: { args?: readonly string[]; shown?: boolean } = {}): Promise<Ended> {
    const { args = [], shown = false } = options;
    return run("bash", ["-c", `eval "$(./farm env)"; ${script}`, "bash", ...args], this.env, shown);
  }

  /** Destroys the farm and removes its folder; the folder stays if the farm could not be destroyed. */
  async end(): Promise<void> {
    if (existsSync(join(this.home, "s", "swarm-farm", this.stack))) await this.ok(["destroy"]);
    rmSync(this.home, { recursive: true, force: true });
    rmSync(this.stackFile, { force: true });
  }
}

/** The result of a command that succeeded; fails with all output otherwise. */
export function endedWell(command: string, ended: Ended): Ended {
  if (ended.status !== 0) throw new Error(`${command} ended with ${String(ended.status)}:\n${ended.output}`);
  return ended;
}

/** The names of the resources that `preview` or `up` says it changes, without components and what is only read. */
export function changedResources(output: string): string[] {
  const lines = output.matchAll(/^ +(?:\+-|\+\+|--|\+|-|~) +\S+:\S+:\S+ (\S+) (?!refresh)/gm);
  return [...new Set([...lines].map((match) => match[1] ?? ""))].sort();
}

/** Runs a program to its end, with its standard input closed. */
export function run(program: string, args: readonly string[], env: NodeJS.ProcessEnv, shown: boolean): Promise<Ended> {
  return waiting(`${basename(program)} ${args[0] ?? ""}`, () => ended(program, args, env, shown));
}

function ended(program: string, args: readonly string[], env: NodeJS.ProcessEnv, shown: boolean): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { cwd: repository, env, stdio: ["ignore", "pipe", "pipe"] });
    let stdout = "";
    let output = "";
    child.stdout.on("data", (data: Buffer) => {
      stdout += data.toString();
      output += data.toString();
      if (shown) process.stdout.write(data);
    });
    child.stderr.on("data", (data: Buffer) => {
      output += data.toString();
      if (shown) process.stderr.write(data);
    });
    child.on("error", reject);
    // `close`, not `exit`: a daemon that kept the caller's streams open would hold every script that reads them.
    child.on("close", (status) => {
      resolve({ status, stdout, output });
    });
  });
}
