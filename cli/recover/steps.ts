import { shellQuote } from "../../infra/remote/shell";
import { askCertificates, expired } from "../doctor/certificates";
import { FarmError } from "../base/errors";
import { ask, type Farm } from "../nodes/ask";
import { hasLeader, succeeds, type Manager } from "../nodes/managers";
import { removeNode } from "../nodes/remove-node";
import { waitFor } from "../report/wait-for";
import { scripts } from "./scripts";

/** Time to elect a leader in a new cluster: 20 s were measured under software emulation. */
const initSeconds = 120;

/** Time for a node to leave the swarm or restart Docker, under software emulation. */
const nodeSeconds = 300;

/** The manager with the newest raft log; of equal ones the first. */
export async function newest(farm: Farm, managers: readonly string[]): Promise<string | undefined> {
  const times = await Promise.all(
    managers.map(async (name) => {
      const { status, stdout } = await ask(farm, name, scripts("raft-time.sh", {}), { timeoutSeconds: 30 });
      return status === 0 ? Number(stdout) || 0 : 0;
    }),
  );
  return managers[times.indexOf(Math.max(...times))];
}

/**
 * Makes a manager the only one of its swarm, and waits until it leads.
 *
 * @param hasExpired whether its certificate has expired and must be renewed
 * @throws FarmError
 */
export async function leadAlone(farm: Farm, { name, address }: Manager, hasExpired: boolean): Promise<void> {
  const command = hasExpired
    ? scripts("renew.sh", { ADDRESS: address })
    : `docker swarm init --force-new-cluster --advertise-addr ${shellQuote(address)} >/dev/null`;
  if (!(await succeeds(farm, name, command, initSeconds + nodeSeconds)))
    throw new FarmError(`${name} could not go on alone: ./farm ssh ${name} journalctl -u docker; then run it again`);
}

/** @throws FarmError if it does not lead in time */
export async function waitUntilLeads(farm: Farm, name: string, hasExpired: boolean): Promise<void> {
  await waitFor(initSeconds, `${name} to lead the swarm`, async () => hasLeader(farm, name));
  if (!hasExpired) return;
  // Swarm renews it at once; no node can join before.
  await waitFor(initSeconds, `${name} to have a new certificate`, async () => {
    const certificates = await askCertificates(farm, [name]);
    return certificates.length > 0 && expired(certificates).length === 0;
  });
}

/** Lets a node leave a swarm that has no leader; its VM and volumes stay. */
export async function leave(farm: Farm, node: string): Promise<void> {
  if (await succeeds(farm, node, scripts("leave.sh", {}), nodeSeconds)) return;
  throw new FarmError(
    `${node} does not leave the swarm that has no leader: ./farm ssh ${node} journalctl -u docker; then run it again`,
  );
}

/** Removes a node from the list of the swarm; a missing one is no error. */
export async function forget(farm: Farm, leader: string, node: string): Promise<void> {
  await succeeds(farm, leader, removeNode(node));
}
