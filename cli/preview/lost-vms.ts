import type { Change, NodePart, Operation } from "./change";
import type { Step } from "./events";
import { grouped } from "./grouped";
import type { Hide } from "./secrets";
import { parseUrn } from "./urn";

/** The change of a node. */
export interface VmChange {
  readonly node: string;
  readonly vm: Operation | undefined;
  readonly disk: Operation | undefined;
}

const domain = "libvirt:index/domain:Domain";
const volume = "libvirt:index/volume:Volume";
/** The component of a node: its child volume is the node's disk, while others are images that are uploaded again. */
const vm = "swarm-farm:libvirt:Vm";

const collator = new Intl.Collator("en", { numeric: true });

/** The node whose VM or disk a resource is. A domain outside a node's component has its own name. */
export function nodePartOf(step: Step, hide: Hide): NodePart | undefined {
  const { type, name } = parseUrn(step.urn);
  const parent = parseUrn((step.new ?? step.old)?.parent ?? "");
  const node = hide(parent.type === vm ? parent.name : name);
  if (type === domain) return { node, is: "vm" };
  return type === volume && parent.type === vm ? { node, is: "disk" } : undefined;
}

/** The nodes whose VM or disk is replaced or deleted. */
export function lostVms(changes: readonly Change[]): VmChange[] {
  const lost = changes.flatMap(({ part, operation }) =>
    part && (operation === "replace" || operation === "delete") ? [{ ...part, operation }] : [],
  );
  const byNode = grouped(lost, ({ node }) => node);
  return [...byNode]
    .map(([node, parts]) => ({
      node,
      vm: parts.find(({ is }) => is === "vm")?.operation,
      disk: parts.find(({ is }) => is === "disk")?.operation,
    }))
    .sort((a, b) => collator.compare(a.node, b.node));
}
