import { accessSync, constants, existsSync, readFileSync, statSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import type { Context } from "../context/context";
import { FarmError } from "../base/errors";
import { run } from "../process/run";
import { withPrivateFolder } from "../base/private-folder";
import { hasBuiltDockerPlugin } from "../setup/toolchain/homes";
import { writeMarkdown } from "./write-markdown";

type Farm = Pick<Context, "stack" | "repository" | "environment" | "folders">;

/**
 * The file of `--markdown` as an absolute path; checked before the first slow step.
 *
 * @throws FarmError if it cannot be written
 */
export function markdownPath(file: string): string {
  if (file === "" || file.startsWith("-")) throw new FarmError("--markdown needs the name of a file to write");
  const path = resolve(file);
  const folder = dirname(path);
  if (!existsSync(folder)) throw new FarmError(`--markdown ${file}: there is no folder ${folder}`);
  if (existsSync(path) && statSync(path).isDirectory())
    throw new FarmError(`--markdown ${file} is a folder: name a file in it`);
  try {
    accessSync(existsSync(path) ? path : folder, constants.W_OK);
  } catch {
    throw new FarmError(`--markdown ${file} cannot be written`);
  }
  return path;
}

/**
 * Writes the file, also if the preview fails.
 *
 * @param work shows the preview, with an event log at a path, calls `onErrors` with what Pulumi printed as errors, and returns its status
 * @throws what `work` throws, and FarmError if the stack's secrets cannot be read, to keep them out of the file
 */
export async function withMarkdown(
  farm: Farm,
  file: string,
  work: (events: string, onErrors: (text: string) => void) => Promise<number>,
): Promise<number> {
  return withPrivateFolder(async (folder) => {
    const events = join(folder, "events");
    let status = 1;
    let errors = "";
    let failure: string | undefined = "";
    try {
      status = await work(events, (text) => (errors = text));
      failure = status === 0 ? undefined : errors;
    } catch (error) {
      failure = error instanceof Error ? error.message : String(error);
      throw error;
    } finally {
      const log = existsSync(events) ? readFileSync(events, "utf8") : "";
      writeMarkdown(file, farm.stack, farm.environment, {
        events: log,
        failure,
        sortsEnv: hasBuiltDockerPlugin(farm),
        state: await secretState(farm, file, failure !== undefined),
      });
    }
    return status;
  });
}

/** A Pulumi stack that does not exist yet has no secrets. */
async function secretState(farm: Farm, file: string, hasFailed: boolean): Promise<string> {
  const argv = ["pulumi", "stack", "export", "--show-secrets"] as const;
  const { status, stdout } = await run(argv, { cwd: farm.repository, env: farm.environment });
  if (status === 0) return stdout;
  if (hasFailed) return "";
  throw new FarmError(`the stack's secrets cannot be read, to keep them out of ${file}: it is not written`);
}
