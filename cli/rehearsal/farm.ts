import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { foldersOf } from "../../infra/config/folders";
import { FarmError } from "../base/errors";
import type { Context } from "../context/context";
import { farmEnvironment } from "../context/environment";
import { stopForwards } from "../hypervisor/forwards";
import { stopIsolated } from "../hypervisor/isolated";
import { run } from "../process/run";
import { isNoStack, pulumiReason } from "../pulumi/answer";
import { unlockStack } from "../pulumi/lock";
import { removeDocument } from "./stack-file";

const ending = "-rehearsal";

/** Names of stacks have at most 31 characters. */
const longest = 31;

/** The name of the farm that a rehearsal builds. */
export function rehearsalStack(stack: string): string {
  return `${stack.slice(0, longest - ending.length).replace(/-$/, "")}${ending}`;
}

/**
 * The context of the farm that a rehearsal builds: a stack of its own, always with a libvirt and a network of its own, so that its addresses
 * are those of the farm beside it and collide with none.
 *
 * @throws FarmError for a farm that is one itself
 */
export function rehearsalContext(context: Context): Context {
  const { repository, environment } = context;
  if (context.stack.endsWith(ending))
    throw new FarmError(`'${context.stack}' is the farm of a rehearsal: name the farm that it is of, with --stack`);
  const stack = rehearsalStack(context.stack);
  const folders = foldersOf(stack, environment);
  return {
    ...context,
    stack,
    folders,
    environment: farmEnvironment({ stack, repository, folders }, environment),
    isolated: true,
    interactive: false,
    report: context.report.withLogs(folders.logs),
  };
}

/**
 * Removes a rehearsal's farm whole: nothing of it is worth an orderly end, and one that is half built has none. It may be missing.
 *
 * @throws FarmError if its stack cannot be removed
 */
export async function removeRehearsal(farm: Context): Promise<void> {
  stopForwards(farm);
  await stopIsolated(farm);
  unlockStack(farm);
  const argv = ["pulumi", "stack", "rm", farm.stack, "--yes", "--force", "--non-interactive"] as const;
  const { status, stderr } = await run(argv, { cwd: farm.repository, env: farm.environment });
  // Without Pulumi (127) there is no stack.
  if (status !== 0 && status !== 127 && !isNoStack(stderr)) throw new FarmError(pulumiReason(farm, stderr));
  removeDocument(farm);
  rmSync(farm.folders.state, { recursive: true, force: true });
}

/**
 * Runs work while no other rehearsal of the farm can: it would remove the farm of this one.
 *
 * @throws FarmError if one is under way
 */
export async function alone<T>({ folders, stack }: Context, work: () => Promise<T>): Promise<T> {
  const file = join(folders.state, "rehearsal.pid");
  mkdirSync(folders.state, { recursive: true });
  const pid = existsSync(file) ? readFileSync(file, "utf8").trim() : "";
  // One that was killed has left it; this process may have its id by now.
  if (pid !== "" && pid !== String(process.pid) && existsSync(`/proc/${pid}`))
    throw new FarmError(`a rehearsal of '${stack}' is under way (process ${pid}): wait for it, or end it`);
  writeFileSync(file, `${String(process.pid)}\n`);
  try {
    return await work();
  } finally {
    rmSync(file, { force: true });
  }
}
