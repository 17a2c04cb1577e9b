/** Docker's network of this name is the node's own. */
export const hostNetwork = "host";

/** Networks that Docker has on every node, without aliases. */
export const builtIn: ReadonlySet<string> = new Set(["default", "bridge", hostNetwork, "none", "nat"]);
