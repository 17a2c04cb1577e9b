/** A configuration as a person writes it, loose enough to hold mistakes. */
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
