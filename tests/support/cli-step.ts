import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import type { Context } from "../../cli/context/context";
import { Reporter } from "../../cli/report/reporter";
import type { Step } from "../../cli/setup/tools/tools";
import { foldersOf } from "../../infra/config/folders";

/** A machine of a test's own: a home folder, and programs that are shell scripts of the test's. */
export class TestMachine {
  readonly home = mkdtempSync(join(tmpdir(), "machine-"));
  /** The printed lines. */
  said = "";
  /** What running steps reported, and what they logged. */
  readonly progress: string[] = [];
  log = "";
  private readonly variables: Record<string, string> = {};

  constructor(readonly repository = this.home) {
    mkdirSync(join(this.home, "bin"));
    // No test may install anything, whatever it forgets.
    this.program("apt-get", "echo 'apt-get is not for tests' >&2; exit 99");
  }

  remove(): void {
    rmSync(this.home, { recursive: true });
  }

  /**
   * Puts a program in front of PATH. Its call is recorded; `$home` is the home folder.
   *
   * @param body lines of sh
   */
  program(name: string, body = ""): void {
    const text = `#!/bin/sh\nhome=${this.home}\nprintf '%s\\n' "${name} $*" >>"$home/calls"\n${body}\n`;
    writeFileSync(join(this.home, "bin", name), text, { mode: 0o755 });
  }

  /** A file below the home folder. */
  write(path: string, text = ""): string {
    const file = join(this.home, path);
    mkdirSync(join(file, ".."), { recursive: true });
    writeFileSync(file, text);
    return file;
  }

  set(variable: string, value: string): void {
    this.variables[variable] = value;
  }

  /** The command lines of the programs, in their order; `~` is the home folder. */
  get calls(): string[] {
    const file = join(this.home, "calls");
    const lines = existsSync(file) ? readFileSync(file, "utf8").split("\n").filter(Boolean) : [];
    return lines.map((line) => line.replaceAll(this.home, "~"));
  }

  /** @param stack Default: `dev` */
  context(stack = "dev"): Context {
    const terminal = { write: (text: string) => (this.said += text) };
    const folders = foldersOf(stack, { HOME: this.home });
    return {
      stack,
      repository: this.repository,
      folders,
      environment: {
        ...process.env,
        HOME: this.home,
        PATH: [join(this.home, "bin"), process.env.PATH].join(delimiter),
        PULUMI_HOME: join(folders.cache, "pulumi-home"),
        ...this.variables,
      },
      isolated: true,
      interactive: false,
      report: new Reporter(terminal, join(this.home, "logs")),
      signal: new AbortController().signal,
    };
  }

  step(stack?: string): Step {
    const progress = {
      now: (text: string) => void this.progress.push(text),
      log: (text: string) => void (this.log += text),
    };
    return { context: this.context(stack), progress };
  }
}
