import { appendFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import type { Context } from "../../cli/context/context";
import { Reporter } from "../../cli/report/reporter";
import type { Step } from "../../cli/setup/tools/tools";
import { foldersOf } from "../../infra/config/folders";

/** Body of a program in POSIX shell, by the program's name. */
type Programs = Readonly<Record<string, string>>;

/**
 * The stack `dev` in a temporary home folder, with programs first on PATH that are shell scripts of the test's: what `./farm`
 * works with, without a hypervisor, nodes or Pulumi. `remove` it after the test.
 *
 * In a script `$here` is the home folder, and `did WORD…` records a line. Nothing is there at first, as on a new machine; `built`
 * adds the files of a farm.
 */
export class FakeFarm {
  readonly home = mkdtempSync(join(tmpdir(), "fake-farm-"));
  /** Of stack `dev`. */
  readonly folders = foldersOf("dev", { HOME: this.home });
  /** Output for a person. */
  printed = "";
  /** Reports of running steps, and their log. */
  readonly progress: string[] = [];
  log = "";
  private readonly bin = join(this.home, "bin");
  private readonly variables: Record<string, string> = {};

  constructor(programs: Programs = {}) {
    mkdirSync(this.bin);
    process.env.PATH = [this.bin, process.env.PATH].join(delimiter);
    // No test may install anything, whatever it forgets.
    this.programs({ "apt-get": "echo 'apt-get is not for tests' >&2; exit 99", ...programs });
  }

  remove(): void {
    process.env.PATH = (process.env.PATH ?? "")
      .split(delimiter)
      .filter((folder) => folder !== this.bin)
      .join(delimiter);
    rmSync(this.home, { recursive: true, force: true });
  }

  program(name: string, body = ""): void {
    const file = JSON.stringify(name);
    const script = [
      "#!/bin/sh",
      `here='${this.home}'`,
      `did() { printf '%s\\0' "$*" >>"$here/did"; }`,
      `printf '%s\\0' ${file}" $*" >>"$here/calls"`,
      body,
    ];
    writeFileSync(join(this.bin, name), `${script.join("\n")}\n`, { mode: 0o755 });
  }

  programs(bodies: Programs): void {
    for (const [name, body] of Object.entries(bodies)) this.program(name, body);
  }

  /** The program `ssh`, with the node's name in `$node` and the command in `$line`. */
  ssh(body: string): void {
    const options = "while :; do case $1 in -F | -o) shift 2 ;; *) break ;; esac; done";
    this.program("ssh", `${options}\nnode=$1\nshift\nline=$*\n${body}`);
  }

  /** Writes a file below the home folder, and returns its path. */
  write(path: string, text = ""): string {
    const file = join(this.home, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
    return file;
  }

  /** Writes a file of the stack's state folder, e.g. `hypervisor`, and returns its path. */
  state(path: string, text = ""): string {
    return this.write(join(this.folders.state.slice(this.home.length), path), text);
  }

  /** Removes a file of the stack's state folder. */
  forget(path: string): void {
    rmSync(join(this.folders.state, path), { force: true });
  }

  /** Writes Pulumi.dev.yaml. */
  configure(text = "config: {}\n"): void {
    this.write("Pulumi.dev.yaml", text);
  }

  /** Writes what an update on this machine leaves for the nodes: managers are at 10.77.0.11, 12 …; without any there is no farm. */
  built(managers: readonly string[] = [], workers: readonly string[] = []): this {
    this.configure("config:\n  swarm-farm:nodes: { manager1: { role: manager } }\n");
    this.set("PULUMI_CONFIG_PASSPHRASE", "correct horse");
    const lines = managers.map((name, index) => `${name}=10.77.0.${String(index + 11)}\n`);
    if (lines.length > 0) this.state("ssh/managers", lines.join(""));
    for (const name of [...managers, ...workers]) this.state(`ssh/${name}.host`);
    // Written by this machine, so that no stack is asked for them.
    this.state("ssh/id_ed25519");
    return this;
  }

  /** Sets a variable of the context's environment. */
  set(variable: string, value: string): void {
    this.variables[variable] = value;
  }

  context(more: Partial<Context> = {}): Context {
    const { stack = "dev" } = more;
    const folders = foldersOf(stack, { HOME: this.home });
    return {
      stack,
      repository: this.home,
      folders,
      environment: {
        PATH: process.env.PATH,
        HOME: this.home,
        PULUMI_HOME: join(folders.cache, "pulumi-home"),
        PULUMI_BACKEND_URL: `file://${join(this.home, "backend")}`,
        ...this.variables,
      },
      isolated: false,
      interactive: false,
      report: new Reporter({ columns: 80, write: (text) => (this.printed += text) }, folders.logs),
      signal: new AbortController().signal,
      ...more,
    };
  }

  step(more: Partial<Context> = {}): Step {
    const progress = {
      now: (text: string) => void this.progress.push(text),
      log: (text: string) => void (this.log += text),
    };
    return { context: this.context(more), progress };
  }

  /** The command lines of the programs in their order, each in one line; `~` is the home folder. */
  get calls(): string[] {
    return this.recorded("calls");
  }

  /** Records a line beside those of programs. */
  did(line: string): void {
    appendFileSync(join(this.home, "did"), `${line}\0`);
  }

  /** The lines that were recorded with `did`. */
  get done(): string[] {
    return this.recorded("did");
  }

  private recorded(name: string): string[] {
    const file = join(this.home, name);
    const lines = existsSync(file) ? readFileSync(file, "utf8").split("\0").filter(Boolean) : [];
    return lines.map((line) => line.replaceAll(this.home, "~").replaceAll("\n", " ").trim());
  }
}

/** A shell command that prints a text. */
export function printing(text: string): string {
  return `cat <<'TEXT'\n${text}\nTEXT`;
}

/** Text written to standard output meanwhile. */
export async function printed(work: () => Promise<unknown>): Promise<string> {
  let text = "";
  const spy = jest.spyOn(process.stdout, "write").mockImplementation((chunk) => {
    text += String(chunk);
    return true;
  });
  try {
    await work();
    return text;
  } finally {
    spy.mockRestore();
  }
}
