import type { Problem } from "../infra/config/problem";
import { nodePorts } from "../infra/config/rules";
import type { PublishedPort } from "./contract";

/** The first port that messages suggest. */
const firstAdvised = 8080;

/** Ports that two services publish, or that every node uses itself. */
export function portProblems(published: readonly PublishedPort[]): Problem[] {
  const fixedFirst = [...published].sort((a, b) => Number(b.fixed ?? false) - Number(a.fixed ?? false));
  // Every node uses TCP and UDP on some of its ports; one of them alone is of no use.
  const nodes = Object.entries(nodePorts).flatMap(([port, user]) =>
    (["tcp", "udp"] as const).map((protocol): [string, string] => [`${port}/${protocol}`, `${user} on every node`]),
  );
  const users = new Map(nodes);
  const taken = new Set([...Object.keys(nodePorts).map(Number), ...published.map(({ port }) => port)]);
  let free = firstAdvised;
  while (taken.has(free)) free++;
  return fixedFirst.flatMap(({ key, port, protocol = "tcp" }) => {
    const name = `${String(port)}/${protocol}`;
    const user = users.get(name);
    if (user === undefined) {
      users.set(name, key);
      return [];
    }
    const shown = protocol === "tcp" ? String(port) : name;
    return [
      {
        path: key,
        message: `has port ${shown}, which ${user} uses; choose another, e.g. ${String(free)}`,
      },
    ];
  });
}
