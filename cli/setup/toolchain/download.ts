import { createHash } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CommandError } from "../../process/run";
import { runLogged, type Step } from "../tools/tools";

/** The URL of Pulumi's archives. */
export interface Downloads {
  /** Archives of the CLI, each version with a file of checksums. */
  readonly cli: string;
  readonly plugins: string;
}

/** Pulumi's own servers. */
export const officialDownloads: Downloads = {
  cli: "https://get.pulumi.com/releases/sdk",
  plugins: "https://get.pulumi.com/releases/plugins",
};

/** The connect timeout, since a machine may have no access to the downloads. */
const connectSeconds = 10;

/** How long a download may be below 1 KiB/s. */
const stallSeconds = 30;

/**
 * Downloads a file; aborts only if it stalls. It uses curl, which supports the proxies of the environment.
 *
 * @throws CommandError
 */
export async function download(step: Step, url: string, file: string): Promise<void> {
  const limits = ["--connect-timeout", connectSeconds, "--speed-limit", 1024, "--speed-time", stallSeconds].map(String);
  await runLogged(step, ["curl", "-fsSL", ...limits, "-o", file, url]);
}

/** Whether a file of `sha256sum`'s form has the checksum of another file under its name. */
export function isListed(checksums: string, name: string, file: string): boolean {
  const sum = createHash("sha256").update(readFileSync(file)).digest("hex");
  return readFileSync(checksums, "utf8")
    .split("\n")
    .some((line) => line.split(/\s+\*?/).join(" ").trim() === `${sum} ${name}`);
}

/**
 * Tries a download in a folder of its own that is removed afterwards.
 *
 * @param work returns whether it succeeded
 */
export async function tryDownload(step: Step, work: (folder: string) => Promise<boolean>): Promise<boolean> {
  const folder = mkdtempSync(join(tmpdir(), "swarm-farm-"));
  try {
    return await work(folder);
  } catch (error) {
    if (!(error instanceof CommandError) || step.context.signal.aborted) throw error;
    step.progress.log(`${error.message}\n${error.result.stderr}`);
    return false;
  } finally {
    rmSync(folder, { recursive: true });
  }
}
