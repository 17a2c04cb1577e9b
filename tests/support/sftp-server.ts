import { execFileSync, spawn, spawnSync, type ChildProcess } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir, userInfo } from "node:os";
import { join } from "node:path";
import type { SftpConfig } from "../../stacks/backups/sftp";
import { freePort } from "./free-port";
import { setTimeout as sleep } from "node:timers/promises";

const sshd = ["/usr/sbin/sshd", "/usr/bin/sshd"].find((path) => existsSync(path));

/** Whether this machine has OpenSSH's server and client. */
export const canServeSftp = sshd !== undefined && spawnSync("ssh", ["-V"]).status === 0;

/** A key pair without a passphrase, as ssh-keygen makes it; of the public half, the two words that count. */
export function sshKeyPair(...options: readonly string[]): { readonly privateKey: string; readonly publicKey: string } {
  const folder = mkdtempSync(join(tmpdir(), "key-"));
  execFileSync("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", ...options, "-f", join(folder, "key")]);
  const [privateKey, line] = ["key", "key.pub"].map((name) => readFileSync(join(folder, name), "utf8"));
  rmSync(folder, { recursive: true });
  return { privateKey: privateKey ?? "", publicKey: line?.split(" ").slice(0, 2).join(" ") ?? "" };
}

/** Where a server listens. */
interface Listening {
  /** Default: loopback. */
  readonly address?: string;
  /** A program that runs another one, e.g. in a network namespace. Default: none. */
  readonly through?: readonly string[];
}

/** OpenSSH's server on loopback, or another address, for this process's user and one key, with SFTP and no shell. `stop` it after the test. */
export class SftpServer {
  readonly folder = mkdtempSync(join(tmpdir(), "sftp-"));
  /** Where its user's repositories may be. */
  readonly files = join(this.folder, "files");
  private readonly host = sshKeyPair();
  private readonly user = sshKeyPair();
  private child: ChildProcess | undefined;

  private constructor(
    private readonly port: number,
    private readonly address: string,
    private readonly through: readonly string[],
  ) {}

  static async start({ address = "127.0.0.1", through = [] }: Listening = {}): Promise<SftpServer> {
    const server = new SftpServer(await freePort(), address, through);
    mkdirSync(server.files);
    server.write("host", server.host.privateKey);
    server.allow(server.user.publicKey);
    server.write(
      "config",
      [
        `ListenAddress ${address}`,
        `Port ${String(server.port)}`,
        `HostKey ${server.folder}/host`,
        `AuthorizedKeysFile ${server.folder}/authorized`,
        "PidFile none",
        "StrictModes no",
        "PasswordAuthentication no",
        "KbdInteractiveAuthentication no",
        "Subsystem sftp internal-sftp",
        "ForceCommand internal-sftp",
        "",
      ].join("\n"),
    );
    await server.listen();
    return server;
  }

  /** The settings of backups that fit it. */
  get settings(): SftpConfig {
    return {
      host: this.address,
      port: this.port,
      user: userInfo().username,
      path: join(this.files, "farm"),
      hostKey: this.host.publicKey,
      privateKey: this.user.privateKey,
    };
  }

  /** Lets in the owner of another key alone. */
  allow(publicKey: string): void {
    this.write("authorized", `${publicKey}\n`);
  }

  /** Starts it, on the port that it always has. */
  async listen(): Promise<void> {
    // Its unprivileged half has this as its root.
    mkdirSync("/run/sshd", { recursive: true, mode: 0o755 });
    const [program, ...args] = [...this.through, sshd ?? "", "-D", "-e", "-f", join(this.folder, "config")];
    this.child = spawn(program, args, { stdio: "ignore" });
    const deadline = Date.now() + 10_000;
    while (!this.listens()) {
      if (this.child.exitCode !== null || Date.now() > deadline) throw new Error("sshd does not start");
      await sleep(50);
    }
  }

  private listens(): boolean {
    const [program, ...args] = [...this.through, "ss", "-Htln", `sport = :${String(this.port)}`];
    return spawnSync(program, args, { encoding: "utf8" }).stdout.trim() !== "";
  }

  /** Leaves connections, present and new ones, without an answer, as a server whose disk hangs. */
  hang(): void {
    this.signal("STOP");
  }

  /** Ends it, with its connections. */
  async end(): Promise<void> {
    const ended = new Promise((resolve) => this.child?.once("close", resolve));
    this.signal("KILL");
    await ended;
  }

  async stop(): Promise<void> {
    await this.end();
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** To the server and its children, each of which has a session of its own. */
  private signal(name: "STOP" | "KILL"): void {
    const pids = [this.child?.pid ?? 0];
    for (const pid of pids) {
      const { stdout } = spawnSync("pgrep", ["-P", String(pid)], { encoding: "utf8" });
      pids.push(...stdout.split("\n").filter(Boolean).map(Number));
    }
    for (const pid of pids) spawnSync("kill", [`-${name}`, String(pid)]);
  }

  private write(name: string, content: string): void {
    writeFileSync(join(this.folder, name), content, { mode: 0o600 });
  }
}
