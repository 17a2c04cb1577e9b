import { join } from "node:path";
import { text } from "node:stream/consumers";
import { scriptText } from "../../infra/remote/script";
import { shellQuote } from "../../infra/remote/shell";
import type { Context } from "../context/context";
import { hasLeader, type Manager } from "../nodes/managers";
import { onNode } from "../nodes/ssh";
import { output } from "../process/run";
import { pulumiAnswer } from "../pulumi/answer";
import { importState } from "../pulumi/import";
import { waitFor } from "../report/wait-for";
import type { Backup } from "./backup-file";
import { keepMembership } from "./membership";
import { scripts } from "./scripts";

/** Time to elect a leader, under software emulation. */
const leaderSeconds = 120;

/** The timeout that `up` has for a swarm that restarts. */
const rememberSwarm = join(__dirname, "..", "..", "infra", "swarm", "scripts", "remember-swarm.sh");

/**
 * Writes the state of the swarm to a manager's disk and makes it the leader.
 *
 * @returns the folder of the replaced state
 */
export async function putSwarm(context: Context, archive: Backup, { name, address }: Manager): Promise<string> {
  const date = new Date().toISOString().slice(0, 19).replaceAll(":", "");
  const entries = (await archive.read("swarm.tar", [{ argv: ["tar", "-t"] }], text)).trim().split("\n").length;
  const put = scripts("put-swarm.sh", { DATE: `${date}Z`, ENTRIES: entries });
  const kept = (await archive.read("swarm.tar", [{ argv: onNode(context, name, put) }], text)).trim();
  // The only manager becomes leader by itself; `--force-new-cluster` would stop it.
  if (archive.manifest.nodes.filter(({ manager }) => manager).length !== 1) {
    const init = `docker swarm init --force-new-cluster --advertise-addr ${shellQuote(address)} >/dev/null`;
    await output(onNode(context, name, init));
  }
  await waitFor(leaderSeconds, `${name} to lead the swarm`, async () => hasLeader(context, name));
  await output(onNode(context, name, scriptText(rememberSwarm)));
  const changed = keepMembership(await pulumiAnswer(context, "stack", "export"), name);
  if (changed !== undefined) await importState(context, changed);
  return kept === "" ? `on ${name}` : `on ${name}; its former state: ${kept}`;
}
