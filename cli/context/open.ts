import { foldersOf } from "../../infra/config/folders";
import type { Context } from "./context";
import { farmEnvironment } from "./environment";
import { FarmError } from "../base/errors";
import { Reporter, type Terminal } from "../report/reporter";

/** The inputs of a command's context. */
interface Surroundings {
  /** From the command line; an undefined one is PULUMI_STACK, else `dev`. */
  readonly stack: string | undefined;
  readonly isolated: boolean;
  readonly repository: string;
  readonly environment: Context["environment"];
  readonly interactive: boolean;
  readonly terminal: Terminal;
  readonly signal: AbortSignal;
}

/** @throws FarmError if the stack's name or a variable is invalid */
export function openContext(around: Surroundings): Context {
  const { repository, environment, interactive, terminal, signal } = around;
  const stack = around.stack ?? (environment.PULUMI_STACK === "" ? undefined : environment.PULUMI_STACK) ?? "dev";
  checkStackName(stack);
  checkWaitSeconds(environment.FARM_WAIT_SECONDS ?? "");
  const folders = foldersOf(stack, environment);
  return {
    stack,
    repository,
    folders,
    environment: farmEnvironment({ stack, repository, folders }, environment),
    isolated: around.isolated || Boolean(environment.FARM_ISOLATED),
    interactive,
    report: new Reporter(terminal, folders.logs),
    signal,
  };
}

/** Folders of all farms. */
const reserved = ["pulumi", "backups"];

function checkStackName(stack: string): void {
  if (!/^[a-z][a-z0-9-]{0,30}$/.test(stack))
    throw new FarmError(
      `the stack's name '${stack}' must be lower-case letters, digits and hyphens, begin with a letter, and have at most 31 characters`,
    );
  if (reserved.includes(stack))
    throw new FarmError(`no stack can be named '${stack}': ./farm has a folder of that name`);
}

function checkWaitSeconds(seconds: string): void {
  if (!/^\d*$/.test(seconds))
    throw new FarmError(`FARM_WAIT_SECONDS is '${seconds}': it must be a number of seconds, e.g. 1800`);
}
