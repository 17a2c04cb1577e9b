import { askCertificates, expired } from "../doctor/certificates";
import { FarmError } from "../base/errors";
import type { Farm } from "../nodes/ask";
import { answers, hasLeader, type Manager } from "../nodes/managers";
import { nodesWithFiles } from "../nodes/ssh-files";

/** The state of the nodes of a broken swarm. */
export interface Survey {
  /** Names of the managers that answer ssh, in the order of the configuration. */
  readonly running: readonly string[];
  /** Names of the managers that do not answer. */
  readonly lost: readonly string[];
  /** Answering managers whose certificate has not expired. */
  readonly healthy: readonly string[];
  /** A healthy manager whose swarm has a leader. */
  readonly leading?: string;
  /** When the certificates of nodes expired, by the nodes' names; workers included. */
  readonly expired: ReadonlyMap<string, string>;
}

/** Asks every node, in parallel. */
export async function survey(farm: Farm, managers: readonly Manager[]): Promise<Survey> {
  const [certificates, found] = await Promise.all([
    askCertificates(farm, nodesWithFiles(farm)),
    Promise.all(
      managers.map(async ({ name }) => {
        const runs = await answers(farm, name);
        return { name, runs, leads: runs && (await hasLeader(farm, name)) };
      }),
    ),
  ]);
  const dates = new Map(expired(certificates).map(({ node, date }) => [node, date]));
  const running = found.filter(({ runs }) => runs).map(({ name }) => name);
  const leading = found.findLast(({ name, leads }) => leads && !dates.has(name))?.name;
  return {
    running,
    lost: found.filter(({ runs }) => !runs).map(({ name }) => name),
    healthy: running.filter((name) => !dates.has(name)),
    ...(leading !== undefined && { leading }),
    expired: dates,
  };
}

/** @throws FarmError if the swarm needs no recovery, or no manager is left */
export function refuseUnlessQuorumIsLost({ running, lost, healthy, leading }: Survey): void {
  const [first] = healthy;
  if (running.length === 0) throw new FarmError("no manager answers: start one first (./farm up --refresh)");
  if (first === undefined || healthy.length <= lost.length + (running.length - healthy.length)) return;
  if (leading !== undefined)
    throw new FarmError(
      `the swarm has a leader, nothing is to be recovered (${leading} answers); what is wrong: ./farm doctor`,
    );
  throw new FarmError(
    `${healthy.join(", ")} run, which is a quorum: if their Docker runs too they find a leader by themselves; else restart it: ./farm ssh ${first} systemctl restart docker`,
  );
}
