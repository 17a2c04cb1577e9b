import { consoleLogOf } from "../../infra/libvirt/domain";
import type { Context } from "../context/context";
import { FarmError } from "../base/errors";
import { answers, swarmAnswers, type Manager } from "../nodes/managers";
import { resourcesOf } from "../pulumi/answer";
import { domainState } from "../recover/vms";
import { confirmed } from "../context/confirm";
import type { Backup } from "./backup-file";
import { forgetLostNodes, removeOutdated } from "./forget";
import { putSwarm } from "./put-swarm";
import type { Builder } from "./builder";
import { clusterOf, vmTargets } from "./state";

/**
 * Restores the swarm's state on the manager of the backup, which becomes leader; its VM is created if it is missing.
 *
 * @param yes does not ask
 * @throws FarmError if the backup does not fit the farm, the VM does not answer, or the user declines
 */
export async function restoreSwarm(
  context: Context,
  builder: Builder,
  archive: Backup,
  managers: readonly Manager[],
  yes: boolean,
): Promise<void> {
  const { report } = context;
  const { node, cluster, date } = archive.manifest;
  const manager = await checkSwarm(context, archive, managers);
  const state = await domainState(context, node);
  if (state === "running" && !(await answers(context, node)))
    throw new FarmError(
      `the VM of ${node} runs and does not answer ssh; its console: ./farm run -- tail ${consoleLogOf(`${context.stack}.${node}`)}`,
    );
  if (state !== undefined && state !== "running")
    throw new FarmError(`the VM of ${node} is '${state}': ./farm up --refresh starts it, with the swarm on its disk`);
  const former = state === undefined ? "" : "; its present state is kept beside it";
  report.say(`${node} becomes the manager of swarm ${cluster} as it was at ${date}${former}`);
  if (!yes && !(await confirmed(context, "go on?"))) throw new FarmError("nothing was done");
  if (state === undefined) await createVm(context, builder, node);
  if (await swarmAnswers(context))
    throw new FarmError(`${node} started with the swarm on its disk: nothing is to be restored; ./farm up --refresh`);
  await report.step("swarm state", async () => putSwarm(context, archive, manager));
  await report.step("nodes", async () => forgetLostNodes(context, node));
  await report.step("outdated objects", async (progress) => removeOutdated(context, node, progress));
  report.say(`${node} leads the swarm; ./farm up --refresh puts right what was lost with its disk`);
}

/** Refuses a backup that does not fit the farm. */
async function checkSwarm(context: Context, archive: Backup, managers: readonly Manager[]): Promise<Manager> {
  const { file, manifest } = archive;
  const { node, cluster } = manifest;
  const database = (text: string) => (archive.has("mysql.sql") ? `; ${text}: ./farm restore ${file} mysql` : "");
  if (manifest.stack !== context.stack)
    throw new FarmError(
      `only the database of another stack's backup can be restored here: ./farm restore ${file} mysql --from ${manifest.stack}`,
    );
  if (await swarmAnswers(context))
    throw new FarmError(`the swarm answers and is not replaced by an older one${database("the database alone")}`);
  const manager = managers.find(({ name }) => name === node);
  if (!manager) throw new FarmError(`${file} is of the manager '${node}', and the farm has none of that name`);
  for (const { name } of managers)
    if (name !== node && (await answers(context, name)))
      throw new FarmError(
        `${name} runs, and has a newer state of the swarm than any backup: ./farm recover goes on with it`,
      );
  const known = clusterOf(await resourcesOf(context));
  if (known !== cluster)
    throw new FarmError(
      `${file} is of swarm ${cluster}, and Pulumi made ${known ?? "none"}: what it made would not be in it. ./farm up --refresh creates the services again${database("their data")}`,
    );
  return manager;
}

/** Only the VM: `up` would initialize a new swarm on a manager that boots in the same run. */
async function createVm(context: Context, builder: Builder, node: string): Promise<void> {
  const targets = vmTargets(await resourcesOf(context), node);
  const options = (chosen: typeof targets) => chosen.flatMap(({ urn }) => ["--target", urn]);
  await builder.setUp();
  await builder.pulumi("refresh", "--yes", "--skip-preview", ...options(targets.filter(({ isRead }) => isRead)));
  await builder.pulumi("up", "--yes", "--skip-preview", ...options(targets));
}
