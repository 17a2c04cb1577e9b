import { spawnSync } from "node:child_process";
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { repository } from "./program";

/** Programs that `farm` uses before there is a Node.js, and those of the tests' own. */
const shell =
  "bash sh cat awk grep cut sed tail head sort paste dirname readlink sha256sum df tr mkdir ln env flock fold stty cp chmod";

const configuration = `config:
  swarm-farm:nodes:
    # first
    manager1:
      role: manager
    worker1: { role: worker }
  swarm-farm:hello: {}
`;

/** A clone on a machine that has neither Node.js nor modules; its programs are the test's and those of the shell. */
export class BareClone {
  readonly folder = mkdtempSync(join(tmpdir(), "bare-clone-"));

  constructor() {
    for (const each of ["home", "clone/sdks/libvirt", "bin"]) mkdirSync(join(this.folder, each), { recursive: true });
    copyFileSync(join(repository, "farm"), join(this.folder, "clone", "farm"));
    for (const each of ["cli", "package.json", "package-lock.json", "tsconfig.json"])
      symlinkSync(join(repository, each), join(this.folder, "clone", each));
    writeFileSync(join(this.folder, "clone", "sdks", "libvirt", "package.json"), "{}");
    writeFileSync(join(this.folder, "clone", "Pulumi.dev.yaml"), configuration);
    writeFileSync(join(this.folder, "clone", "Pulumi.lab.yaml"), "config: {}\n");
    for (const name of shell.split(" ")) symlinkSync(join("/usr/bin", name), join(this.folder, "bin", name));
    this.program("id", "echo 0");
  }

  /** A program of the test's, by its shell script. */
  program(name: string, body: string): void {
    const file = join(this.folder, "bin", name);
    rmSync(file, { force: true });
    writeFileSync(file, `#!/bin/sh\necho "${name} $*" >>${this.folder}/calls\n${body}\n`);
    chmodSync(file, 0o755);
  }

  /** Runs `./farm ARGS…`; `left` is what is in the home folder afterwards. */
  farm(args: readonly string[], variables: Readonly<Record<string, string>> = {}) {
    const env = { PATH: join(this.folder, "bin"), HOME: join(this.folder, "home"), ...variables };
    const { status, stdout, stderr } = spawnSync(join(this.folder, "clone", "farm"), args, { encoding: "utf8", env });
    return { status, stdout, stderr, left: readdirSync(join(this.folder, "home")) };
  }

  /** The command lines of the test's programs. */
  get calls(): readonly string[] {
    const file = join(this.folder, "calls");
    return existsSync(file) ? readFileSync(file, "utf8").split("\n") : [];
  }

  remove(): void {
    rmSync(this.folder, { recursive: true });
  }
}
