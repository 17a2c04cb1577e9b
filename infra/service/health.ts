import type { HealthCommand } from "./spec/health";

/**
 * A health check: the task answers HTTP on one of its ports.
 *
 * It uses a program of the image: busybox in the farm's own, wget or curl in others. Docker's timeout kills that one process;
 * `wget -T` of busybox 1.35 (Debian 12) crashes.
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
 * Shell text that replaces the shell with the first of several programs that the image has. If a shell waited for the
 * program, Docker would kill only the shell at the timeout; the first process of the container does not reap the program,
 * which becomes a zombie.
 */
export function firstOf(...choices: readonly (readonly [program: string, call: string])[]): readonly string[] {
  const lines = choices.map(([program, call]) => `command -v ${program} >/dev/null && exec ${call}`);
  return ["sh", "-c", [...lines, "exit 1"].join("; ")];
}
