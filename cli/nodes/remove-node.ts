import { shellQuote } from "../../infra/remote/shell";

/**
 * The command that removes a node of any role from the swarm, for a manager.
 *
 * @param node its name or id
 */
export function removeNode(node: string): string {
  const quoted = shellQuote(node);
  return `docker node demote ${quoted} >/dev/null 2>&1; docker node rm --force ${quoted} >/dev/null`;
}
