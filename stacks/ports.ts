import type { Problem } from "../infra/config/problem";
import { nodePorts } from "../infra/config/rules";
import type { PublishedPort } from "./contract";

/** The first port that messages suggest. */
const firstAdvised = 8080;

/** Ports that two services publish, or that every node uses itself. */
export function portProblems(published: readonly PublishedPort[]): Problem[] {
  const fixedFirst = [...published].sort((a, b) => Number(b.fixed ?? false) - Number(a.fixed ?? false));
  const users = new Map(Object.entries(nodePorts).map(([port, user]) => [Number(port), `${user} on every node`]));
  const taken = new Set([...users.keys(), ...published.map(({ port }) => port)]);
  let free = firstAdvised;
  while (taken.has(free)) free++;
  return fixedFirst.flatMap(({ key, port }) => {
    const user = users.get(port);
    if (user === undefined) {
      users.set(port, key);
      return [];
    }
    return [
      {
        path: key,
        message: `has port ${String(port)}, which ${user} uses; choose another, e.g. ${String(free)}`,
      },
    ];
  });
}
