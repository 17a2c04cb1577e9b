import type { Context } from "../context/context";
import { FarmError } from "../base/errors";
import { hasLeader, managersOf } from "../nodes/managers";
import { writeSshFiles } from "../nodes/ssh-files";
import { confirmed } from "../context/confirm";
import { waitFor } from "../report/wait-for";
import { refuseUnreachableVms } from "./lost-hosts";
import { removeVm } from "./vms";
import { forget, leadAlone, leave, newest, waitUntilLeads } from "./steps";
import { refuseUnlessQuorumIsLost, survey, type Survey } from "./survey";

/** How long a leader may take to notice the loss of quorum. */
const followersSeconds = 120;

interface RecoverOptions {
  /** Hypervisors that are gone for good. */
  readonly lostHosts: readonly string[];
  /** Does not ask. */
  readonly yes: boolean;
  /** Default: 120 s. */
  readonly followersSeconds?: number;
}

/**
 * Continues a swarm that lost its quorum, or whose certificates have expired, with one remaining manager. VMs of lost managers are
 * removed; other remaining managers leave the swarm, and join again with the next `./farm up --refresh`.
 *
 * @throws FarmError if the swarm needs no recovery, a hypervisor does not answer, the user declines, or a node fails
 */
export async function recover(context: Context, options: RecoverOptions): Promise<void> {
  const { report } = context;
  await writeSshFiles(context);
  const managers = managersOf(context);
  if (!managers) throw new FarmError(`there is no farm '${context.stack}' whose managers are known`);
  const found = await survey(context, managers);
  refuseUnlessQuorumIsLost(found);
  if (found.lost.length > 0) await refuseUnreachableVms(context, found.lost, options.lostHosts);
  if (found.leading !== undefined) await refuseIfItLeads(context, found.leading, options.followersSeconds);
  const name = found.healthy[0] ?? (await newest(context, found.running));
  const left = managers.find((manager) => manager.name === name);
  if (!left) throw new Error("a survey without a manager that runs");
  announce(context, found, left.name);
  if (!options.yes && !(await confirmed(context, "go on?"))) throw new FarmError("nothing was done");

  const hasExpired = found.expired.has(left.name);
  for (const node of found.lost) await removeVm(context, node);
  // Before the others leave: if it fails, their disks still have the state.
  if (hasExpired) await leadAlone(context, left, hasExpired);
  // The other remaining managers have no leader: they join again, and keep their VMs.
  const others = found.running.filter((node) => node !== left.name);
  for (const node of others) await leave(context, node);
  if (!hasExpired) await leadAlone(context, left, hasExpired);
  await waitUntilLeads(context, left.name, hasExpired);
  for (const node of [...others, ...found.lost]) await forget(context, left.name, node);
  const known = new Set(managers.map((manager) => manager.name));
  for (const node of [...found.expired.keys()].filter((each) => !known.has(each))) {
    await leave(context, node);
    await forget(context, left.name, node);
  }
  const recreated = found.lost.length > 0 ? `recreates ${found.lost.join(", ")}, and ` : "";
  report.say(`${left.name} leads the swarm; ./farm up --refresh ${recreated}lets all other nodes join it`);
}

/** Waits until a leader that lost its quorum notices that. */
async function refuseIfItLeads(context: Context, leading: string, seconds = followersSeconds): Promise<void> {
  try {
    await waitFor(
      seconds,
      `${leading} to see that it has no followers`,
      async () => !(await hasLeader(context, leading)),
    );
  } catch (error) {
    if (!(error instanceof FarmError)) throw error;
    throw new FarmError(
      `${leading} leads the swarm, nothing is to be recovered; ./farm up --refresh lets nodes whose certificates have expired join again`,
    );
  }
}

function announce({ report }: Context, { running, lost, expired }: Survey, left: string): void {
  if (expired.size > 0) {
    const dates = [...expired].map(([node, date]) => `${node} ${date}`);
    report.say(`the swarm's certificates have expired: ${dates.join(", ")}`);
  }
  if (lost.length > 0) {
    const names = lost.join(", ");
    report.say(
      `the quorum is lost: ${running.join(", ")} left, ${names} do not answer; if their VMs are only off, start them first: ./farm up`,
    );
    report.say(`VMs and disks of ${names} are removed: if they came back by themselves, they could be a second swarm`);
  }
  report.say(`${left} goes on alone, with every service, secret, config and volume; the others join it again`);
}
