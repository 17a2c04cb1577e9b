import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { repository } from "./program";

/** A run of a program: its status, and all that it printed. */
export interface Ran {
  readonly status: number | null;
  readonly text: string;
}

/**
 * `examples/own-program` in a temporary folder, with swarm-farm from `npm pack` as npm would install it. Packages of others are
 * this repository's: links, so that no registry is asked.
 */
export class PackedExample {
  readonly folder = mkdtempSync(join(tmpdir(), "own-program-"));
  /** The files of the package. */
  readonly packed: readonly string[];

  constructor() {
    cpSync(join(repository, "examples", "own-program"), this.folder, {
      recursive: true,
      filter: (file) => !file.includes("node_modules") && !file.endsWith(".tgz"),
    });
    const packed = this.run("npm", ["pack", repository, "--silent", "--pack-destination", this.folder]);
    const archive = readdirSync(this.folder).find((name) => name.endsWith(".tgz"));
    if (archive === undefined) throw new Error(`npm pack made no archive: ${packed.text}`);
    const modules = join(this.folder, "node_modules", "swarm-farm");
    mkdirSync(modules, { recursive: true });
    this.run("tar", ["-xzf", archive, "-C", modules, "--strip-components=1"]);
    this.packed = readdirSync(modules, { recursive: true, encoding: "utf8" });
    for (const name of this.dependencies()) this.link(name);
  }

  /** Every package that npm would install besides. */
  private dependencies(): string[] {
    const manifests = [this.folder, join(this.folder, "node_modules", "swarm-farm")].map(
      (folder) => JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as Record<string, object | undefined>,
    );
    const [own = {}, library = {}] = manifests;
    const all = [own.dependencies, own.devDependencies, library.dependencies, library.peerDependencies];
    return [...new Set(all.flatMap((each) => Object.keys(each ?? {})))].filter((name) => name !== "swarm-farm");
  }

  private link(name: string): void {
    const link = join(this.folder, "node_modules", name);
    mkdirSync(dirname(link), { recursive: true });
    symlinkSync(join(repository, "node_modules", name), link);
  }

  run(program: string, args: readonly string[]): Ran {
    const { status, stdout, stderr } = spawnSync(program, args, { cwd: this.folder, encoding: "utf8" });
    return { status, text: `${stdout}${stderr}` };
  }

  end(): void {
    rmSync(this.folder, { recursive: true });
  }
}
