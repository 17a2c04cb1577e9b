import type * as z from "zod";
import { UnsupportedApi } from "./errors.ts";
import type { versionShape } from "./shapes.ts";

/** Docker 20.10: the first that counts a service's running tasks. */
const oldestApi = "1.41";

/** Orders API versions: negative if `a` is older. */
export function compareApi(a: string, b: string): number {
  const [majorA = 0, minorA = 0] = a.split(".").map(Number);
  const [majorB = 0, minorB = 0] = b.split(".").map(Number);
  return majorA - majorB || minorA - minorB;
}

/**
 * The oldest API version that both sides support, as that changes least from one Docker to the next.
 *
 * @throws UnsupportedApi if the daemon's newest is too old
 */
export function commonApi({
  Version,
  ApiVersion: newest,
  MinAPIVersion: oldest,
}: z.output<typeof versionShape>): string {
  if (compareApi(newest, oldestApi) < 0) {
    throw new UnsupportedApi(
      `Docker ${Version} supports API ${newest}, which is too old: ${oldestApi} (Docker 20.10) or newer is needed`,
    );
  }
  return oldest !== "" && compareApi(oldest, oldestApi) > 0 ? oldest : oldestApi;
}
