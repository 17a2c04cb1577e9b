import { type Docker, infoShape, UnsupportedApi } from "@swarm-farm/docker-api";
import type { Swarm } from "../../shared/model.ts";

/** Docker answers, but is not a manager. */
export class NotAManager extends Error {}

/** Whether Docker answers, but cannot be the source of this page; the error's message is for people. */
export const isUnsuitable = (error: unknown): error is Error =>
  error instanceof NotAManager || error instanceof UnsupportedApi;

/** A manager that can be read. */
export interface Daemon {
  readonly swarm: Swarm;
  /** How far the manager's clock is ahead of ours. */
  readonly clockAheadMs: number;
}

async function readInfo(docker: Docker) {
  const requestedAt = Date.now();
  const info = await docker.get("/info", infoShape);
  const clockAheadMs = info.SystemTime ? Math.round(info.SystemTime - (requestedAt + Date.now()) / 2) : 0;
  return { info, clockAheadMs };
}

/** Asks Docker what it is. Throws an error that `isUnsuitable` if it is no manager that can be read. */
export async function greet(docker: Docker): Promise<Daemon> {
  const version = await docker.negotiate();
  const { info, clockAheadMs } = await readInfo(docker);
  const { Swarm: swarm, Name: manager } = info;
  if (!swarm?.ControlAvailable) {
    const why = swarm?.Error || `its swarm state is '${swarm?.LocalNodeState || "inactive"}'`;
    throw new NotAManager(`Docker on '${manager}' is not a manager of a swarm: ${why}`);
  }
  return { swarm: { manager, ...version }, clockAheadMs };
}

/** How far the manager's clock is ahead now: it may be set while we run. */
export const clockAhead = async (docker: Docker): Promise<number> => (await readInfo(docker)).clockAheadMs;
