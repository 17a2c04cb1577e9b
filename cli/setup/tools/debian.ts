import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { FarmError } from "../../base/errors";
import { run, type Argv } from "../../process/run";
import { runLogged, type Step } from "./tools";

/** The distribution's packages. */
export class Debian {
  constructor(
    private readonly step: Step,
    /** The root of the distribution's files; tests use another than `/`. */
    private readonly root = "/",
  ) {}

  /** Whether it is Debian 12, whose QEMU and Go are too old. */
  get isBookworm(): boolean {
    const release = join(this.root, "etc", "os-release");
    return existsSync(release) && /^VERSION_CODENAME=bookworm$/m.test(readFileSync(release, "utf8"));
  }

  /** The versions of those of some packages that are installed, by name. */
  async installed(names: readonly string[]): Promise<ReadonlyMap<string, string>> {
    // Its status is 1 if it does not know one of them.
    const { stdout } = await this.run(["dpkg-query", "-Wf", "${db:Status-Abbrev}\\t${Package}\\t${Version}\\n", ...names]);
    const lines = stdout.split("\n").map((line) => line.split("\t"));
    return new Map(lines.flatMap(([status, name, version]) => (status === "ii " && name && version ? [[name, version]] : [])));
  }

  /** Whether a version is a minimum or newer; `undefined` is not. */
  async isAtLeast(version: string | undefined, minimum: string): Promise<boolean> {
    if (version === undefined) return false;
    return (await this.run(["dpkg", "--compare-versions", version, "ge", minimum])).status === 0;
  }

  /** Whether apt has a package; takes a second. */
  async has(name: string): Promise<boolean> {
    return (await this.run(["apt-cache", "show", name])).status === 0;
  }

  /**
   * Installs packages.
   *
   * @param backports whether Debian 12 installs them from its backports if available. Default: it does not
   * @throws CommandError, or FarmError if apt has no source
   */
  async install(names: readonly string[], { backports = false } = {}): Promise<void> {
    await this.update();
    const target = backports && this.isBookworm ? ["-t", "bookworm-backports"] : [];
    if (target.length > 0 && (await this.enableBackports())) await this.update();
    await runLogged(this.step, ["apt-get", "-q", "install", "-y", "--no-install-recommends", ...target, ...names], {
      env: { DEBIAN_FRONTEND: "noninteractive" },
    });
  }

  /** Unpacks a package into a folder with what it depends on and this machine lacks, without installing any. @throws CommandError */
  async unpack(name: string, folder: string): Promise<void> {
    await this.update();
    const simulated = await runLogged(this.step, ["apt-get", "-q", "-s", "--no-install-recommends", "install", name]);
    const missing = [...simulated.matchAll(/^Inst (\S+)/gm)].map(([, each = ""]) => each);
    for (const each of new Set([name, ...missing])) {
      await runLogged(this.step, ["apt-get", "-q", "download", each], { cwd: folder });
      await runLogged(this.step, ["sh", "-c", 'exec dpkg -x "$1"_*.deb .', "sh", each], { cwd: folder });
    }
  }

  private async update(): Promise<void> {
    await runLogged(this.step, ["apt-get", "-q", "update"]);
  }

  /** @returns whether the source was added now */
  private async enableBackports(): Promise<boolean> {
    const targets = async (...args: readonly string[]) =>
      (await runLogged(this.step, ["apt-get", "indextargets", "--format", ...args])).split("\n").filter(Boolean);
    if ((await targets("$(CODENAME)")).includes("bookworm-backports")) return false;
    const [mirror] = await targets("$(REPO_URI)", "Codename: bookworm");
    if (mirror === undefined)
      throw new FarmError("no apt source for bookworm is configured: add one to /etc/apt/sources.list.d");
    const list = join(this.root, "etc", "apt", "sources.list.d", "swarm-farm-backports.list");
    writeFileSync(list, `deb ${mirror} bookworm-backports main\n`);
    return true;
  }

  private run(argv: Argv) {
    const { environment, signal } = this.step.context;
    return run(argv, { env: environment, signal });
  }
}
