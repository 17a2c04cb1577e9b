import { execFileSync, spawn, spawnSync, type ChildProcess } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir, userInfo } from "node:os";
import { join } from "node:path";
import type { SftpConfig } from "../../stacks/backups/sftp";
import { freePort } from "./free-port";
import { takesConnections } from "./takes-connections";

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

/** OpenSSH's server on loopback, for this process's user and one key, with SFTP and no shell. `stop` it after the test. */
export class SftpServer {
  readonly folder = mkdtempSync(join(tmpdir(), "sftp-"));
  /** Where its user's repositories may be. */
  readonly files = join(this.folder, "files");
  private readonly host = sshKeyPair();
  private readonly user = sshKeyPair();
  private child: ChildProcess | undefined;

  private constructor(private readonly port: number) {}

  static async start(): Promise<SftpServer> {
    const server = new SftpServer(await freePort());
    mkdirSync(server.files);
    server.write("host", server.host.privateKey);
    server.allow(server.user.publicKey);
    server.write(
      "config",
      [
        "ListenAddress 127.0.0.1",
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
      host: "127.0.0.1",
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
    this.child = spawn(sshd ?? "", ["-D", "-e", "-f", join(this.folder, "config")], { stdio: "ignore" });
    const deadline = Date.now() + 10_000;
    while (!(await takesConnections({ host: "127.0.0.1", port: this.port })))
      if (this.child.exitCode !== null || Date.now() > deadline) throw new Error("sshd does not start");
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
