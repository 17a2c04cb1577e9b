import { execFile, execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { Recorded, RecordingApi } from "./recording-api";

/** Files of a compose folder by name. */
export type ComposeFiles = Readonly<Record<string, string>>;

/** Result of docker for files. */
export type Deployed =
  | { readonly accepted: true; readonly recorded: Recorded; readonly warnings: string }
  | { readonly accepted: false; readonly message: string };

/** Whether this machine has docker's client; without one the differential tests are skipped. */
export const hasDocker = (() => {
  try {
    return execFileSync("docker", ["--version"], { encoding: "utf8" }).startsWith("Docker version");
  } catch {
    return false;
  }
})();

/** Makes a folder with files for as long as a function runs. */
export async function inFolder<T>(files: ComposeFiles, run: (folder: string) => T | Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), "compose-"));
  try {
    for (const [name, text] of Object.entries(files)) {
      mkdirSync(dirname(join(folder, name)), { recursive: true });
      writeFileSync(join(folder, name), text);
    }
    return await run(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Runs `docker stack deploy` against an API that records. Only the variables given are set. */
export async function stackDeploy(
  api: RecordingApi,
  {
    folder,
    files,
    stack,
    variables,
  }: {
    readonly folder: string;
    readonly files: readonly string[];
    readonly stack: string;
    readonly variables: Readonly<Record<string, string>>;
  },
): Promise<Deployed> {
  const args = [
    "stack",
    "deploy",
    "--detach=true",
    "--resolve-image",
    "never",
    ...files.flatMap((file) => ["-c", file]),
    stack,
  ];
  const env = {
    ...variables,
    PATH: process.env.PATH ?? "",
    DOCKER_HOST: api.host,
    DOCKER_CONFIG: join(folder, ".docker"),
  };
  return new Promise((resolve) => {
    execFile("docker", args, { cwd: folder, env }, (error, _stdout, stderr) => {
      const recorded = api.take();
      resolve(
        error ? { accepted: false, message: stderr.trim() } : { accepted: true, recorded, warnings: stderr.trim() },
      );
    });
  });
}
