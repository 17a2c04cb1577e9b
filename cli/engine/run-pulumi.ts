import { copyFileSync, mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Context } from "../context/context";
import { withPrivateFolder } from "../base/private-folder";
import { inFarm } from "../hypervisor/enter";
import { attachKeepingErrors } from "../process/attach-keeping-errors";
import { attach } from "../process/run";
import { runToFile } from "../process/run-to-file";
import { eventLogOf } from "../pulumi/arguments";
import { displayed } from "./progress/display";
import { reasonsOf } from "./progress/reasons";
import { retryStatusOf } from "./retry";
import { withWatchdog } from "./watchdog";

/** The parts of a command's context that a run of Pulumi needs. */
export type Farm = Pick<Context, "stack" | "repository" | "folders" | "environment" | "report" | "signal">;

/** Pulumi hides `--event-log` unless this is set. */
const debugCommands = { PULUMI_DEBUG_COMMANDS: "true" } as const;

/** Runs Pulumi with its own display, or with that of `./farm`. */
export type Display = "pulumi" | "farm";

/** Runs plain Pulumi where the hypervisor is, with its own display, and returns its exit status, or one of cli/engine/retry.ts. */
export async function runPlain(farm: Farm, ...args: readonly string[]): Promise<number> {
  return withWatchdog((run) => attach(...plain(farm, args, run)));
}

/** As `runPlain`, and calls `onErrors` with Pulumi's errors if it fails. */
export async function runPlainKeepingErrors(
  farm: Farm,
  args: readonly string[],
  onErrors: (text: string) => void,
): Promise<number> {
  return withWatchdog(async (run) => {
    const { status, stderr } = await attachKeepingErrors(...plain(farm, args, run));
    if (status !== 0) onErrors(stderr);
    return status;
  });
}

/** Pulumi finds its program and its configuration by the folder in which it works. */
function pulumiIn(farm: Farm, args: readonly string[]) {
  return inFarm(farm, ["pulumi", ...args], farm.repository);
}

/** The terminal sends Ctrl-C to Pulumi too, which ends after its present operations. */
function plain(farm: Farm, args: readonly string[], run: Readonly<Record<string, string>>) {
  const debug = eventLogOf(args) === undefined ? {} : debugCommands;
  const options = { cwd: farm.repository, env: { ...farm.environment, ...debug, ...run } };
  return [pulumiIn(farm, args), options] as const;
}

/** Runs Pulumi without questions and with the display of `./farm`, and returns its exit status, or one of cli/engine/retry.ts. */
export async function runShown(farm: Farm, ...args: readonly string[]): Promise<number> {
  return withPrivateFolder(async (folder) => {
    const requested = eventLogOf(args);
    const [events, printed] = [requested ?? join(folder, "events"), join(folder, "printed")];
    const own = requested === undefined ? ["--event-log", events] : [];
    const env = { ...farm.environment, ...debugCommands };
    const work = () =>
      withWatchdog((run) =>
        runToFile(pulumiIn(farm, [...args, ...own]), printed, {
          cwd: farm.repository,
          env: { ...env, ...run },
          signal: farm.signal,
        }),
      );
    const { result, errors } = await displayed(farm.report, events, work, { reasons: reasonsOf(farm) });
    keep(farm, args, printed);
    // Errors before the engine starts, e.g. a wrong flag or a lock, have no event.
    if (result !== 0 && errors.length === 0) for (const line of linesOf(printed)) farm.report.say(`  ${line}`);
    return result === 0 ? 0 : (retryStatusOf(errors) ?? result);
  });
}

/** Runs with the requested display. */
export async function runPulumi(farm: Farm, display: Display, ...args: readonly string[]): Promise<number> {
  return display === "farm" ? runShown(farm, ...args) : runPlain(farm, ...args);
}

/** Writes Pulumi's output, with masked secrets, to the logs of steps. */
function keep({ folders }: Farm, [command = "pulumi"]: readonly string[], printed: string): void {
  mkdirSync(folders.logs, { recursive: true });
  copyFileSync(printed, join(folders.logs, `pulumi-${command}.log`));
}

function linesOf(file: string): string[] {
  return readFileSync(file, "utf8").trimEnd().split("\n");
}
