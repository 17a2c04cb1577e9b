/** A configuration before it is checked. */
export type RawConfig = Record<string, unknown>;

/** The smallest farm, and keys to add to it or to put over its own. */
export function smallest(changes: RawConfig = {}): RawConfig {
  return { nodes: { manager1: { role: "manager" } }, ...changes };
}

/** The smallest farm with other settings of its one node. */
export function withNode(changes: RawConfig): RawConfig {
  return smallest({ nodes: { manager1: { role: "manager", ...changes } } });
}

/** A farm with these nodes, each `manager` or `worker` by the name's beginning. */
export function withNames(...names: readonly string[]): RawConfig {
  return {
    nodes: Object.fromEntries(names.map((name) => [name, { role: name.startsWith("manager") ? "manager" : "worker" }])),
  };
}

/** A farm that the LAMP stack fits on, with a load balancer before it, and keys to put over these. */
export function withStacks(changes: RawConfig = {}): RawConfig {
  const nodes = { manager1: { role: "manager" }, worker1: { role: "worker", labels: { db: "true" } } };
  return { nodes, lamp: {}, loadbalancer: {}, ...changes };
}
