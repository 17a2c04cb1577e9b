import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Environment of a script besides the programs. */
interface Surroundings {
  /** Files in the folder where it runs, by their lines; to the programs that folder is `$here`. */
  readonly files?: Readonly<Record<string, readonly string[]>>;
  /** Default: nothing. */
  readonly input?: string;
  /** The script's own. Default: none. */
  readonly args?: readonly string[];
  /** Besides the test's own. */
  readonly env?: Readonly<Record<string, string>>;
}

/**
 * Runs a script where some programs are shell scripts of the test's, and a sleep is over soon.
 *
 * @returns how it ended, what it said, and the command lines of those programs
 */
export function runWith(script: string, programs: Readonly<Record<string, string>>, around: Surroundings = {}) {
  const folder = mkdtempSync(join(tmpdir(), "fake-programs-"));
  try {
    const files: Surroundings["files"] = { calls: [], ...around.files };
    for (const [name, lines] of Object.entries(files))
      writeFileSync(join(folder, name), lines.map((line) => `${line}\n`).join(""));
    for (const [name, text] of Object.entries({ ...programs, sleep: "exec /bin/sleep 0.05" }))
      writeFileSync(join(folder, name), `#!/bin/sh\nhere=${folder}\necho "${name} $*" >>"$here/calls"\n${text}\n`, {
        mode: 0o755,
      });
    const { status, stdout, stderr } = spawnSync("sh", ["-c", script, "sh", ...(around.args ?? [])], {
      cwd: folder,
      encoding: "utf8",
      input: around.input ?? "",
      env: { ...process.env, ...around.env, PATH: `${folder}:${process.env.PATH ?? ""}` },
    });
    const calls = readFileSync(join(folder, "calls"), "utf8").trimEnd().split("\n");
    return { status, stdout, stderr, calls: calls.filter((call) => !call.startsWith("sleep ")) };
  } finally {
    // A program that the script ended may yet write its call.
    rmSync(folder, { recursive: true, maxRetries: 5 });
  }
}
