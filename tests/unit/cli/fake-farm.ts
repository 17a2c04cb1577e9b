import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Context } from "../../../cli/context/context";
import { Reporter } from "../../../cli/report/reporter";
import { foldersOf } from "../../../infra/config/folders";

/** A farm of which only the files of `./farm` are there, and programs on PATH that stand for the rest. */
export class FakeFarm {
  readonly folder = mkdtempSync(join(tmpdir(), "farm-"));
  readonly folders = foldersOf("dev", { HOME: this.folder });
  /** What a person reads. */
  said = "";
  private readonly bin = join(this.folder, "bin");
  private readonly path = process.env.PATH;

  /** @param managers the farm's managers, at 10.77.0.11, 12 …; none: there is no farm */
  constructor(managers: readonly string[], workers: readonly string[] = []) {
    mkdirSync(this.bin);
    mkdirSync(join(this.folders.state, "ssh"), { recursive: true });
    process.env.PATH = `${this.bin}:${this.path ?? ""}`;
    const lines = managers.map((name, index) => `${name}=10.77.0.${String(index + 11)}\n`);
    if (lines.length > 0) this.write("dev/ssh/managers", lines.join(""));
    for (const name of [...managers, ...workers]) this.write(`dev/ssh/${name}.host`, "");
    // Written by this machine, so that no stack is asked for them.
    this.write("dev/ssh/id_ed25519", "");
    this.write("did", "");
    this.configure("config:\n  swarm-farm:nodes: { manager1: { role: manager } }\n");
  }

  context(more: Partial<Context> = {}): Context {
    return {
      stack: "dev",
      repository: this.folder,
      folders: this.folders,
      environment: { PULUMI_BACKEND_URL: `file://${this.folder}`, PULUMI_CONFIG_PASSPHRASE: "correct horse" },
      isolated: false,
      interactive: false,
      report: new Reporter({ write: (text) => (this.said += text) }, join(this.folder, "logs")),
      signal: new AbortController().signal,
      ...more,
    };
  }

  /** Pulumi.dev.yaml. */
  configure(text: string): void {
    writeFileSync(join(this.folder, "Pulumi.dev.yaml"), text);
  }

  /**
   * A program on PATH.
   *
   * @param body POSIX shell; `did WORD…` records a line, `$FARM` is a folder for files
   */
  program(name: string, body: string): void {
    const record = `did() { printf '%s ' "$@" | tr '\\n' ' ' >>"$FARM/did"; echo >>"$FARM/did"; }`;
    const text = ["#!/bin/sh", `FARM='${this.folders.farms}'`, record, body, ""].join("\n");
    writeFileSync(join(this.bin, name), text, { mode: 0o755 });
  }

  /** `ssh`, with the node's name in `$node` and the command line in `$line`. */
  ssh(body: string): void {
    const options = "while :; do case $1 in -F | -o) shift 2 ;; *) break ;; esac; done";
    this.program("ssh", `${options}\nnode=$1\nshift\nline=$*\n${body}`);
  }

  /** A file that programs find at `$FARM/NAME`. */
  write(name: string, text: string): void {
    writeFileSync(join(this.folders.farms, name), text);
  }

  /** What programs recorded. */
  done(): string[] {
    const lines = readFileSync(join(this.folders.farms, "did"), "utf8").split("\n");
    return lines.map((line) => line.trim()).filter((line) => line !== "");
  }

  end(): void {
    process.env.PATH = this.path;
    rmSync(this.folder, { recursive: true });
  }
}
