import type { HealthCommand } from "./spec/health";

/**
 * A task is healthy when it answers HTTP on a port of its own.
 *
 * Asked with what the image has: ours have busybox, those from elsewhere wget or curl. Docker's own timeout ends the
 * one process that asks; busybox 1.35 of Debian 12 crashes with a timeout of its own (`wget -T`).
 */
export function answersHttp(port: number, path: string): HealthCommand & { readonly command: readonly string[] } {
  const url = `http://127.0.0.1:${String(port)}${path}`;
  return {
    command: firstOf(
      ["busybox", `busybox wget -q -O /dev/null ${url}`],
      ["wget", `wget -q -O /dev/null ${url}`],
      ["curl", `curl -fs -o /dev/null ${url}`],
    ),
  };
}

/**
 * The first of several programs that the image has, in place of the shell that looked for it. A shell that waits for a
 * program leaves it behind when Docker kills the shell at the check's timeout, and a container's first process reaps
 * only its own children: each such check would be one zombie more on the node.
 */
export function firstOf(...choices: readonly (readonly [program: string, call: string])[]): readonly string[] {
  const lines = choices.map(([program, call]) => `command -v ${program} >/dev/null && exec ${call}`);
  return ["sh", "-c", [...lines, "exit 1"].join("; ")];
}
