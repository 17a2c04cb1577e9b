import type { Problem } from "../infra/config/problem";
import { nodePorts } from "../infra/config/node-ports";
import type { PublishedPort } from "./contract/entries";

/** The first port that messages suggest. */
const firstAdvised = 8080;

/** Of the ports that every node uses, those of UDP: overlay networks' VXLAN, and gossip. */
const overUdp = [4789, 7946];

interface User {
  readonly key: string;
  readonly host: boolean;
}

/** Ports that two services publish, or that every node uses itself. */
export function portProblems(published: readonly PublishedPort[]): Problem[] {
  const nodes = Object.entries(nodePorts).flatMap(([port, user]) =>
    (overUdp.includes(Number(port)) ? ["tcp", "udp"] : ["tcp"]).map((protocol): [string, User] => [
      `${port}/${protocol}`,
      { key: `${user} on every node`, host: false },
    ]),
  );
  const users = new Map(nodes);
  const used = new Set([...Object.keys(nodePorts).map(Number), ...published.map(({ port }) => port)]);
  let free = firstAdvised;
  while (used.has(free)) free++;
  return published.flatMap(({ key, port, protocol = "tcp", host = false }) => {
    if (port === undefined) return [];
    const name = `${String(port)}/${protocol}`;
    const user = users.get(name);
    if (user === undefined) {
      users.set(name, { key, host });
      return [];
    }
    if (host && user.host) return [];
    const shown = protocol === "tcp" ? String(port) : name;
    return [
      {
        path: key,
        message: `has port ${shown}, which ${user.key} uses; choose another, e.g. ${String(free)}`,
      },
    ];
  });
}
