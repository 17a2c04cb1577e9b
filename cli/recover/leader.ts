import type { Context } from "../context/context";
import { askCertificates, CertificatesExpired, expired } from "../doctor/certificates";
import { FarmError } from "../base/errors";
import { ask } from "../nodes/ask";
import { managersOf, succeeds } from "../nodes/managers";
import { anyManager } from "../nodes/ssh";
import { waitFor } from "../report/wait-for";
import { waitSeconds } from "../context/wait-seconds";

/** Time for three elections on nodes under software emulation. */
const leaderSeconds = 60;

/** Longer than a healthy swarm takes to answer. */
const quickSeconds = 5;

const managerSeconds = 30;

type Farm = Pick<Context, "stack" | "folders" | "environment">;

/**
 * Waits until the swarm has a leader, before a refresh: without a leader the Docker provider gets an error for each secret, and
 * reports it as deleted. If no manager answers at all, a refresh fails instead.
 *
 * @throws FarmError if there is none after FARM_WAIT_SECONDS (default: 60), or the managers' certificates have expired
 */
export async function waitForLeader(farm: Farm): Promise<void> {
  const managers = managersOf(farm);
  if (!managers) return;
  const refuseExpired = async () => {
    const found = expired(
      await askCertificates(
        farm,
        managers.map(({ name }) => name),
      ),
    );
    if (found.length > 0) throw new FarmError(new CertificatesExpired(found).message);
  };
  if (!(await succeeds(farm, anyManager, "true", quickSeconds))) await refuseExpired();
  const seconds = waitSeconds(farm, leaderSeconds);
  try {
    await waitFor(seconds, "the swarm to have a leader", async () => !(await lacksLeader(farm)));
  } catch (error) {
    if (!(error instanceof FarmError)) throw error;
    await refuseExpired();
    throw new FarmError(
      `${error.message}: too few of its managers answer; start the VMs of the others (./farm up --refresh); if they are lost: ./farm recover`,
    );
  }
}

async function lacksLeader(farm: Farm): Promise<boolean> {
  const { stdout, stderr } = await ask(farm, anyManager, "docker node ls", { timeoutSeconds: managerSeconds });
  return `${stdout}${stderr}`.includes("does not have a leader");
}
