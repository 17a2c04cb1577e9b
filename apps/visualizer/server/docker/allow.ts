import allowed from "./allowed.json" with { type: "json" };

/**
 * The whole of what is ever sent to Docker. Each of these reads, and none of them holds a connection for writing.
 *
 * The expressions are for the target of a request as it stands in the request line, and mean the same to JavaScript and
 * to PCRE: a docker socket proxy of nginx takes them as they are.
 */
const targets = allowed.map((target) => new RegExp(target));

/** Whether `target` may be sent to Docker. It matches as a whole and as it is sent, so there is no second reading of it. */
export function isAllowed(target: string): boolean {
  return targets.some((one) => one.test(target));
}
