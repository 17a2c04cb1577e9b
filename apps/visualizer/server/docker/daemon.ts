import type { Swarm } from "../../shared/model.ts";
import type { Docker } from "./client.ts";
import { infoShape, versionShape } from "./shapes.ts";

/** Docker 20.10; the first that tells a service's running tasks. */
const oldestApi = "1.41";

/** Docker answers, but cannot be the source of this page; the message is for people. */
export class Unsuitable extends Error {}

/** A manager that can be read, and how. */
export interface Daemon {
  readonly swarm: Swarm;
  /** What comes before every path, as `/v1.41`. */
  readonly prefix: string;
  /** How far the manager's clock is ahead of ours. */
  readonly clockAheadMs: number;
}

/** Orders API versions: negative if `a` is older. */
export function compareApi(a: string, b: string): number {
  const [majorA = 0, minorA = 0] = a.split(".").map(Number);
  const [majorB = 0, minorB = 0] = b.split(".").map(Number);
  return majorA - majorB || minorA - minorB;
}

/** Asks Docker who it is, and says what is wrong if it is no manager that can be read. */
export async function greet(docker: Docker): Promise<Daemon> {
  const version = await docker.json("/version", versionShape);
  if (compareApi(version.ApiVersion, oldestApi) < 0) {
    throw new Unsuitable(
      `Docker ${version.Version} speaks API ${version.ApiVersion}, which is too old: ` +
        `${oldestApi} (Docker 20.10) or newer is needed`,
    );
  }
  // The oldest version both sides know changes least from one Docker to the next.
  const api = compareApi(version.MinAPIVersion || oldestApi, oldestApi) > 0 ? version.MinAPIVersion : oldestApi;
  const prefix = `/v${api}`;
  const asked = Date.now();
  const info = await docker.json(`${prefix}/info`, infoShape);
  const answered = Date.now();
  const { Swarm: swarm, Name: manager } = info;
  if (!swarm?.ControlAvailable) {
    const why = swarm?.Error || `its swarm state is '${swarm?.LocalNodeState || "inactive"}'`;
    throw new Unsuitable(`Docker on '${manager}' is not a manager of a swarm: ${why}`);
  }
  return {
    swarm: { manager, docker: version.Version, api },
    prefix,
    clockAheadMs: info.SystemTime ? Math.round(info.SystemTime - (asked + answered) / 2) : 0,
  };
}

/** The manager's clock, read anew: it may be set while we run. */
export async function clockAhead(docker: Docker, prefix: string): Promise<number> {
  const asked = Date.now();
  const { SystemTime } = await docker.json(`${prefix}/info`, infoShape);
  return SystemTime ? Math.round(SystemTime - (asked + Date.now()) / 2) : 0;
}
