/** The port of the farm's registry, on its node and in its container. */
export const registryPort = 5000;

/** Ports that every node uses itself, and what for: if one were published, the routing mesh would receive the node's traffic. */
export const nodePorts: Readonly<Record<number, string>> = {
  22: "ssh",
  2377: "the swarm's managers",
  4789: "overlay networks",
  [registryPort]: "the farm's registry",
  7946: "the swarm's nodes",
};
