import { scripts } from "./scripts";

const anyManager = "any.manager";

/**
 * A host name for `ssh` that means the first manager that responds; no node's name has a dot.
 *
 * @param except a node that is left out: its removal from the swarm cannot run on it
 */
export function managerHost({ except }: { readonly except?: string | undefined } = {}): string {
  return except === undefined ? anyManager : `${anyManager}.but.${except}`;
}

/**
 * The shell script that `ssh` connects through when it is given a `managerHost`.
 *
 * @param list a file of managers in the order in which they are tried, each a line `name=address`
 */
export function managerProxy(list: string): string {
  return `${scripts("manager-proxy.sh", { MANAGERS_FILE: list, PREFIX: managerHost({ except: "" }) })}\n`;
}
