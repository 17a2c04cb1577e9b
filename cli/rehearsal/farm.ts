import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { foldersOf } from "../../infra/config/folders";
import { FarmError } from "../base/errors";
import type { Context } from "../context/context";
import { farmEnvironment } from "../context/environment";
import { stopForwards } from "../hypervisor/forwards";
import { stopIsolated } from "../hypervisor/isolated";
import { run } from "../process/run";
import { isNoStack, pulumiReason } from "../pulumi/answer";
import { unlockStack } from "../pulumi/lock";
import { parseJson } from "../pulumi/json";
import { hasDocument, isWritten, removeDocument } from "./stack-file";

const ending = "-rehearsal";

/** Names of stacks have at most 31 characters. */
const longest = 31;

/** The name of the farm that a rehearsal builds. */
export function rehearsalStack(stack: string): string {
  if (stack.length + ending.length <= longest) return `${stack}${ending}`;
  // Two long names may differ at their ends alone.
  const hash = createHash("sha256").update(stack).digest("hex").slice(0, 6);
  return `${stack.slice(0, longest - ending.length - hash.length - 1).replace(/-$/, "")}-${hash}${ending}`;
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

const Stacks = z.array(z.object({ name: z.string() }));

/**
 * Takes the name of a rehearsal's farm: removes one that the last rehearsal left.
 *
 * @throws FarmError if a farm has that name which no rehearsal of this one has built
 */
export async function claimRehearsal({ stack }: Context, farm: Context): Promise<void> {
  const marker = join(farm.folders.state, "rehearsal-of");
  const isMarked = existsSync(marker) && readFileSync(marker, "utf8").trim() === stack;
  if (isMarked || isWritten(farm)) await removeRehearsal(farm);
  else if (existsSync(farm.folders.state) || hasDocument(farm) || (await isStack(farm)))
    throw new FarmError(
      `'${farm.stack}' is a farm that no rehearsal of '${stack}' has built, and a rehearsal would remove it: give that farm another name`,
    );
  mkdirSync(farm.folders.state, { recursive: true });
  writeFileSync(marker, `${stack}\n`);
}

async function isStack(farm: Context): Promise<boolean> {
  const argv = ["pulumi", "stack", "ls", "--json"] as const;
  const { status, stdout, stderr } = await run(argv, { cwd: farm.repository, env: farm.environment });
  if (status === 127) return false;
  if (status !== 0) throw new FarmError(pulumiReason(farm, stderr));
  return Stacks.parse(parseJson(stdout, "the list of stacks")).some(
    ({ name }) => name.split("/").at(-1) === farm.stack,
  );
}

/**
 * Removes a rehearsal's farm whole: nothing of it is worth an orderly end, and one that is half built has none. It may be missing.
 *
 * @throws FarmError if its stack cannot be removed
 */
export async function removeRehearsal(farm: Context): Promise<void> {
  unlockStack(farm);
  stopForwards(farm);
  await stopIsolated(farm);
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
  const [pid = "", start] = existsSync(file) ? readFileSync(file, "utf8").trim().split(" ") : [];
  // One that was killed has left it; another process may have its id by now.
  if (pid !== "" && pid !== String(process.pid) && startOf(pid) === start)
    throw new FarmError(`a rehearsal of '${stack}' is under way (process ${pid}): wait for it, or end it`);
  writeFileSync(file, `${String(process.pid)} ${startOf("self") ?? ""}\n`);
  try {
    return await work();
  } finally {
    rmSync(file, { force: true });
  }
}

/** When a process started, in ticks since the machine did (proc(5), field 22); undefined if there is none. */
export function startOf(pid: string): string | undefined {
  if (!existsSync(`/proc/${pid}/stat`)) return undefined;
  // The name in field 2 may have spaces and parentheses.
  return /.*\) (.*)/s.exec(readFileSync(`/proc/${pid}/stat`, "utf8"))?.[1]?.split(" ")[19];
}
