import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { foldersOf } from "../../infra/config/folders";
import type { Context } from "../../cli/context/context";
import { Reporter } from "../../cli/report/reporter";

/** A farm `dev` in a folder of its own, where programs are shell scripts of the test's. */
export class FakeFarm {
  readonly home = mkdtempSync(join(tmpdir(), "fake-farm-"));
  /** What was said to the person. */
  said = "";

  /** Each script is the body of a program; `$here` is a folder for what it keeps. */
  constructor(programs: Readonly<Record<string, string>> = {}) {
    mkdirSync(join(this.home, "repository"));
    for (const [name, body] of Object.entries(programs)) this.program(name, body);
  }

  program(name: string, body: string): void {
    const lines = ["#!/bin/sh", `here=${this.home}`, `echo "${name} $*" >>"$here/calls"`, body];
    this.write(join("bin", name), `${lines.join("\n")}\n`);
    chmodSync(join(this.home, "bin", name), 0o755);
  }

  /** Writes a file below the farm's folder. */
  write(path: string, text: string): string {
    const file = join(this.home, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
    return file;
  }

  /** The command lines of the programs that were run. */
  get calls(): readonly string[] {
    const file = join(this.home, "calls");
    return existsSync(file) ? readFileSync(file, "utf8").trimEnd().split("\n") : [];
  }

  context(more: Partial<Context> = {}): Context {
    const terminal = { columns: 80, write: (text: string) => (this.said += text) };
    const folders = foldersOf("dev", { HOME: this.home });
    return {
      stack: "dev",
      repository: join(this.home, "repository"),
      folders,
      environment: {
        PATH: `${join(this.home, "bin")}:${process.env.PATH ?? ""}`,
        HOME: this.home,
        PULUMI_BACKEND_URL: `file://${join(this.home, "state")}`,
        PULUMI_CONFIG_PASSPHRASE_FILE: join(this.home, "passphrase"),
        PULUMI_CREDENTIALS_PATH: join(this.home, ".pulumi"),
      },
      isolated: false,
      interactive: false,
      report: new Reporter(terminal, join(folders.cache, "logs")),
      signal: new AbortController().signal,
      ...more,
    };
  }

  /** Runs something with the fake programs on PATH, and returns what it prints to standard output. */
  async printed(work: () => Promise<unknown>): Promise<string> {
    const path = process.env.PATH;
    process.env.PATH = `${join(this.home, "bin")}:${path ?? ""}`;
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
      process.env.PATH = path;
    }
  }

  remove(): void {
    rmSync(this.home, { recursive: true });
  }
}
