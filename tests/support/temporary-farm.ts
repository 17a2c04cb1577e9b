import { spawnSync } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { Context } from "../../cli/context/context";
import { Reporter } from "../../cli/report/reporter";
import { foldersOf } from "../../infra/config/folders";

/** A farm in a temporary folder, and programs that stand for the real ones. */
export interface TemporaryFarm {
  readonly folder: string;
  readonly context: Context;
  /** Puts shell scripts in the way of programs; each can append to `$here/calls`, and `$here` is the folder. */
  programs(bodies: Readonly<Record<string, string>>): void;
  /** Writes a file below the folder. */
  write(path: string, content: string): string;
  /** Removes a file of the farm's state. */
  forget(name: string): void;
  /** Runs a program with those in the way. */
  run(program: string, args: readonly string[]): void;
  /** The command lines of the programs, in order. */
  calls(): string[];
  /** The printed text. */
  text(): string;
  end(): void;
}

/** Creates one with this machine's hypervisor; commands do not ask. */
export function temporaryFarm(over: Partial<Context> = {}): TemporaryFarm {
  const folder = mkdtempSync(join(tmpdir(), "fake-farm-"));
  const folders = foldersOf("dev", { HOME: folder });
  const before = process.env.PATH;
  mkdirSync(join(folder, "bin"));
  mkdirSync(join(folders.state, "ssh"), { recursive: true });
  process.env.PATH = `${join(folder, "bin")}:${before ?? ""}`;
  let text = "";
  const write = (path: string, content: string) => {
    const file = join(folder, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, content);
    return file;
  };
  write("Pulumi.dev.yaml", "config: {}\n");
  write(".local/state/swarm-farm/dev/hypervisor", "system\n");
  const context: Context = {
    stack: "dev",
    repository: folder,
    folders,
    environment: { PATH: process.env.PATH, PULUMI_BACKEND_URL: `file://${folder}/backend` },
    isolated: false,
    interactive: false,
    report: new Reporter({ write: (part) => (text += part) }, join(folder, "logs")),
    signal: new AbortController().signal,
    ...over,
  };
  return {
    folder,
    context,
    write,
    programs(bodies) {
      for (const [name, body] of Object.entries(bodies)) {
        const file = write(
          `bin/${name}`,
          `#!/bin/sh\nhere=${folder}\nprintf '%s\\n' "${name} $(printf %s "$*" | tr '\\n' ' ')" >>"$here/calls"\n${body}\n`,
        );
        chmodSync(file, 0o755);
      }
    },
    forget: (name) => {
      rmSync(join(folders.state, name), { force: true });
    },
    run: (program, args) => {
      spawnSync(program, args, { env: { ...process.env } });
    },
    calls: () =>
      existsSync(join(folder, "calls")) ? readFileSync(join(folder, "calls"), "utf8").trim().split("\n") : [],
    text: () => text,
    end() {
      process.env.PATH = before;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** A shell command that prints a text. */
export function printing(text: string): string {
  return `cat <<'TEXT'\n${text}\nTEXT`;
}
