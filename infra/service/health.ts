import type { HealthCheck } from "./types";

/**
 * A task is healthy when it answers HTTP on a port of its own.
 *
 * Asked with what the image has: ours have busybox, those from elsewhere wget or curl.
 */
export function answersHttp(port: number, path: string): HealthCheck {
  const url = `http://127.0.0.1:${String(port)}${path}`;
  const ask = ["busybox wget -q -O /dev/null", "wget -q -O /dev/null", "curl -fs -o /dev/null"];
  return { command: ["sh", "-c", ask.map((program) => `${program} ${url}`).join(" || ")] };
}
