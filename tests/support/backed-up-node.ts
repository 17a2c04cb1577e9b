import { spawn, spawnSync } from "node:child_process";
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { scriptText } from "../../infra/remote/script";
import { settings, type NodeBackups } from "../../stacks/backups/install";
import { repositoriesOf } from "../../stacks/backups/repositories";
import { sftpFiles, sftpKeyFile, type SftpConfig } from "../../stacks/backups/sftp";
import { Namespaces } from "./namespaces";
import { restic } from "./nginx";
import { repository } from "./sources";

const stack = join(repository, "stacks", "backups");

/** Whether there is a restic, and this process may mount. */
export const canBackUp = restic !== undefined && Namespaces.areUsable("unshare", "flock");

const defaults: NodeBackups = {
  node: "worker1",
  schedule: "02:30",
  to: { folder: "/mnt/backups" },
  keep: { daily: 7, weekly: 4, monthly: 6 },
  volumes: ["uploads"],
  readOnly: false,
  dumps: [{ name: "shop", service: "shop-db", dump: "cat database", load: "cat >database" }],
};

/** A node whose containers are files, with the program of its backups and the real restic. `remove` it after the test. */
export class BackedUpNode {
  readonly folder = mkdtempSync(join(tmpdir(), "backed-up-"));
  /** Where its repository is. */
  readonly target: string;
  private repositories = "/backups";
  /** Programs of `replaceProgram`, by name. */
  private readonly replaced = new Map<string, string>();

  /** @param target another node's, whose repositories it sees. Default: one of its own */
  constructor(changes: Partial<NodeBackups> = {}, target?: string) {
    for (const name of ["bin", "containers", "users", "volumes", "secrets", "root", "state", "tmp"])
      mkdirSync(join(this.folder, name));
    if (target === undefined) mkdirSync(join(this.folder, "target"));
    else symlinkSync(target, join(this.folder, "target"));
    this.target = target ?? join(this.folder, "target");
    symlinkSync(join(__dirname, "node-docker.sh"), join(this.folder, "bin", "docker"));
    symlinkSync(restic ?? "", join(this.folder, "bin", "restic"));
    const program = scriptText(join(stack, "node", "backups"));
    this.write("program", program.replaceAll(/\/(run\/docker\.pid|var\/lib\/docker|var\/tmp)\b/g, `${this.folder}/$1`));
    this.set(changes);
    this.write("secrets/repository-password", "right horse battery");
    this.write("containers/backups", "");
    this.write("containers/shop-db", "");
    this.write("database", "one order\n");
    this.write("volumes/uploads/_data/letters/a.txt", "a letter\n");
  }

  /** Gives its task the files and the key of an SFTP server, in other folders than a container has. */
  backUpTo(sftp: SftpConfig, seconds: { readonly alive?: number } = {}): void {
    this.repositories = repositoriesOf({ sftp }, "dev");
    this.write(`secrets/${sftpKeyFile}`, sftp.privateKey);
    chmodSync(this.path(`secrets/${sftpKeyFile}`), 0o400);
    for (const { path, content } of sftpFiles(sftp)) {
      const here = content.replaceAll("/run/secrets", this.path("secrets")).replaceAll("/etc/sftp", this.path("sftp"));
      const { alive } = seconds;
      const sooner = alive === undefined ? here : here.replaceAll(/(Timeout|Interval) \d+/g, `$1 ${String(alive)}`);
      this.write(path.replace("/etc/", ""), sooner);
    }
  }

  /** Goes on from where another node's backups are: with copies of its repositories and of what it wrote down. */
  goOnFrom(other: BackedUpNode): void {
    cpSync(other.target, this.target, { recursive: true });
    cpSync(other.path("state"), this.path("state"), { recursive: true });
  }

  /** Other settings, as another `up` installs them. */
  set(changes: Partial<NodeBackups>): void {
    this.write("settings", settings({ ...defaults, ...changes }));
  }

  write(path: string, content: string | Buffer): void {
    mkdirSync(dirname(this.path(path)), { recursive: true });
    writeFileSync(this.path(path), content);
  }

  /** Puts a program in the place of the machine's or the node's own, which is `$real`, for calls whose arguments match a pattern of the shell. */
  replaceProgram(name: string, pattern: string, body: string): void {
    const find = { encoding: "utf8", env: this.environment() } as const;
    const real =
      this.replaced.get(name) ?? realpathSync(spawnSync("sh", ["-c", `command -v ${name}`], find).stdout.trim());
    this.replaced.set(name, real);
    // It may be a link to a file of the repository.
    rmSync(this.path(`bin/${name}`), { force: true });
    this.write(
      `bin/${name}`,
      `#!/bin/sh\nreal=${real}\ncase "$*" in ${pattern}) ${body} ;; *) exec "$real" "$@" ;; esac\n`,
    );
    chmodSync(this.path(`bin/${name}`), 0o755);
  }

  read(path: string): string {
    return readFileSync(this.path(path), "utf8");
  }

  has(path: string): boolean {
    return existsSync(this.path(path));
  }

  path(path: string): string {
    return join(this.folder, path);
  }

  /** Runs the node's program. */
  call(...args: readonly string[]) {
    const { status, stdout, stderr } = spawnSync("sh", [this.path("program"), ...args], {
      encoding: "utf8",
      env: this.environment(),
    });
    return { status, stdout, stderr };
  }

  /** Starts it in a group of its own, which the test ends. */
  start(...args: readonly string[]) {
    return spawn("sh", [this.path("program"), ...args], {
      env: this.environment(),
      stdio: "ignore",
      detached: true,
    });
  }

  /** Snapshots that count, the oldest first. */
  snapshots(): { readonly id: string; readonly tags: readonly string[] }[] {
    const { stdout } = this.call("list");
    const all = JSON.parse(stdout) as { readonly short_id: string; readonly tags: readonly string[] }[];
    return all.map(({ short_id: id, tags }) => ({ id, tags }));
  }

  /** The id of the last snapshot with a tag. */
  last(tag: string): string {
    return (
      this.snapshots()
        .filter(({ tags }) => tags.includes(tag))
        .at(-1)?.id ?? ""
    );
  }

  /** The status that the last run wrote, by its keys. */
  status(): Readonly<Record<string, string>> {
    const lines = this.read("state/status").trim().split("\n");
    return Object.fromEntries(lines.map((line) => line.split(/=(.*)/s).slice(0, 2) as [string, string]));
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** Variables with which the program finds this node. */
  environment(): NodeJS.ProcessEnv {
    return {
      ...process.env,
      PATH: `${this.path("bin")}:${process.env.PATH ?? ""}`,
      FAKE_NODE: this.folder,
      TMPDIR: this.path("tmp"),
      BACKUPS_SETTINGS: this.path("settings"),
      BACKUPS_STATE: this.path("state"),
      BACKUPS_METRICS: this.path("metrics"),
      REPOSITORY_SCRIPT: join(stack, "images", "backups", "repository"),
      REPOSITORIES: this.repositories,
      SFTP: this.path("sftp"),
      SECRETS: this.path("secrets"),
      RESTIC_CACHE_DIR: this.path("cache"),
      GOGC: "20",
    };
  }
}
