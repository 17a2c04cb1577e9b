import type { ComposeService } from "../../../compose";
import type { Constraint, NodeAttribute, NodeLabel, Placement } from "../../service/spec/placement";
import type { Limits, Reservations } from "../../service/spec/resources";
import { mebibytes } from "../../service/spec/units";

/** On which nodes tasks run. */
export function placementOf({ placement, platform }: Pick<ComposeService, "placement" | "platform">): Placement {
  const { constraints, spread, maxReplicasPerNode } = placement;
  const [os = "", architecture = ""] = platform?.split("/") ?? [];
  return {
    constraints: constraints.flatMap(({ constraint }) => constraintOf(constraint) ?? []),
    spread: spread.flatMap((each) => spreadOf(each) ?? [])[0],
    maxReplicasPerNode,
    platforms: platform === undefined ? undefined : [{ os, architecture }],
  };
}

/** A constraint as Swarm's own form of it; undefined where it is none. Swarm reads names without case, labels with it. */
export function constraintOf(text: string): Constraint | undefined {
  const [, key = "", operator, value = ""] = /^\s*(\S+?)\s*(==|!=)\s*(\S.*?)\s*$/.exec(text) ?? [];
  const [, prefix = "", label] = /^((?:node|engine)\.labels\.)(.+)$/i.exec(key) ?? [];
  const attribute = label === undefined ? key.toLowerCase() : prefix.toLowerCase() + label;
  if (!isAttribute(attribute) || (operator !== "==" && operator !== "!=")) return undefined;
  return `${attribute} ${operator} ${value}`;
}

function isAttribute(text: string): text is NodeAttribute {
  return /^node\.(id|hostname|ip|role|platform\.(os|arch))$/.test(text) || isLabel(text);
}

/** A label over which Swarm spreads tasks; undefined for any other text, which Swarm's scheduler skips. */
export function spreadOf(text: string): NodeLabel | undefined {
  const label = text.replace(/^(node|engine)\.labels\./i, (prefix) => prefix.toLowerCase());
  return isLabel(label) ? label : undefined;
}

function isLabel(text: string): text is NodeLabel {
  return /^(node|engine)\.labels\.\S+$/.test(text);
}

/** Limits of tasks. */
export function limitsOf({ limits: { cpus, memoryBytes, pids } }: ComposeService["resources"]): Limits {
  return {
    cpus: some(cpus),
    memoryMiB: some(memoryBytes === undefined ? undefined : mebibytes(memoryBytes)),
    // Docker takes -1 for no limit too.
    pids: pids === -1 ? undefined : some(pids),
  };
}

/** Reservations for tasks on nodes. */
export function reservationsOf({ reservations }: ComposeService["resources"]): Reservations {
  const { cpus, memoryBytes, generic } = reservations;
  return {
    cpus: some(cpus),
    memoryMiB: some(memoryBytes === undefined ? undefined : mebibytes(memoryBytes)),
    generic: Object.fromEntries(generic.map(({ kind, value }) => [kind, value])),
  };
}

/** Docker takes 0 for no limit. */
function some(amount: number | undefined): number | undefined {
  return amount === 0 ? undefined : amount;
}
