import { shellQuote } from "../../infra/remote/shell";
import type { Context } from "../context/context";
import { removeNode } from "../nodes/remove-node";
import { onNode } from "../nodes/ssh";
import { nodesWithFiles } from "../nodes/ssh-files";
import { output, run } from "../process/run";
import { resourcesOf } from "../pulumi/answer";
import { kinds, swarmObjects, type Kind, type SwarmObject } from "../pulumi/swarm-objects";
import { removeVm } from "../recover/vms";
import type { Progress } from "../report/reporter";
import { waitFor } from "../report/wait-for";
import { outdated } from "./state";

/** A network is in use until the last task on it ended. */
const removalSeconds = 120;

/**
 * Removes from a restored swarm its other managers, whose state is older or lost, with their VMs, and nodes that the state does
 * not have.
 *
 * @param leader the restored manager
 */
export async function forgetLostNodes(context: Context, leader: string): Promise<string> {
  const list = "docker node ls --format '{{.ID}} {{.Hostname}} {{.ManagerStatus}}'";
  const nodes = (await output(onNode(context, leader, list))).split("\n").filter((line) => line.trim() !== "");
  const known = new Set(nodesWithFiles(context));
  const gone: string[] = [];
  for (const [id = "", name = "", role = ""] of nodes.map((line) => line.trim().split(" "))) {
    if (name === leader || (role === "" && known.has(name))) continue;
    if (role !== "") await removeVm(context, name);
    const { status } = await run(onNode(context, leader, removeNode(id)));
    if (status === 0) gone.push(name);
  }
  return `${String(gone.length)} removed${gone.length > 0 ? `: ${gone.join(", ")}` : ""}`;
}

/**
 * Removes from a restored swarm what Pulumi recreated since the backup (see `outdated`). Services first: they use the rest.
 */
export async function removeOutdated(context: Context, leader: string, progress: Progress): Promise<string> {
  const list = kinds.map((kind) => `docker ${kind} ls --format '${kind} {{.ID}} {{.Name}}'`).join(" && ");
  const listed = (await output(onNode(context, leader, list))).split("\n").flatMap(parseObject);
  const found = outdated(swarmObjects(await resourcesOf(context)), listed);
  for (const { kind, name, id } of found) {
    progress.now(`${kind} ${name}`);
    const remove = onNode(context, leader, `docker ${kind} rm ${shellQuote(id)}`);
    await waitFor(removalSeconds, `${kind} ${name} to be removed`, async () => (await run(remove)).status === 0);
  }
  return `${String(found.length)} removed that the farm has in a newer version`;
}

function parseObject(line: string): SwarmObject[] {
  const [kind, id, name] = line.trim().split(" ");
  return isKind(kind) && id !== undefined && name !== undefined ? [{ kind, id, name }] : [];
}

function isKind(text: string | undefined): text is Kind {
  return kinds.some((kind) => kind === text);
}
