import { nodePartOf } from "../preview/lost-vms";
import type { Step } from "../preview/events";

/** The volumes of a node, or why it does not answer. */
export type NodeData = { readonly volumes: readonly string[]; readonly onlyManager: boolean } | string;

/** The data on a node's disk. */
export interface Loss {
  readonly node: string;
  readonly what: readonly string[];
}

const deletes = new Set(["delete", "delete-replaced", "replace", "create-replacement"]);

/** The nodes whose disk the plan deletes or replaces. */
export function deletedDisks(steps: readonly Step[]): string[] {
  const nodes = steps.flatMap((step) => {
    const part = deletes.has(step.op) && step.old ? nodePartOf(step, (text) => text) : undefined;
    return part?.is === "disk" ? [part.node] : [];
  });
  return [...new Set(nodes)].sort();
}

/**
 * The data on those disks, a line each. A node without volumes has none.
 * @param users the services that mount a volume, by its name, whether their tasks run or not
 */
export function lossesOf(facts: ReadonlyMap<string, NodeData>, users: ReadonlyMap<string, readonly string[]>): Loss[] {
  return [...facts].flatMap(([node, data]) => {
    if (typeof data === "string") return [{ node, what: [`its volumes cannot be seen: ${data}`] }];
    const volumes = data.volumes.map((volume) => {
      const services = users.get(volume) ?? [];
      const named = services.map((service) => `'${service}'`).join(", ");
      return `volume '${volume}', ${named === "" ? "not used by a service" : `used by service ${named}`}`;
    });
    const what = [...volumes, ...(data.onlyManager ? ["the swarm's state: it is the only manager"] : [])];
    return what.length > 0 ? [{ node, what }] : [];
  });
}

/** The message about all losses. */
export function lossText(losses: readonly Loss[]): string {
  const flags = losses.map(({ node }) => `--accept-data-loss ${node}`).join(" ");
  return [
    ...losses.flatMap(({ node, what }) => [
      `the disk of node '${node}' would be deleted, and with it:`,
      ...what.map((line) => `  ${line}`),
    ]),
    `to keep the data: ./farm backup; to delete the disk: ./farm up ${flags}`,
  ].join("\n");
}
