import { rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type FakeDaemon, type FakeSwarm, startFakeDaemon } from "@swarm-farm/docker-api/fake";
import { readAssets } from "../server/assets.ts";
import { type Running, startServer } from "../server/serve.ts";
import { readSettings } from "../server/settings.ts";

/** A fake daemon that listens on a socket of its own. */
export interface Listening {
  readonly daemon: FakeDaemon;
  readonly socket: string;
  readonly close: () => Promise<void>;
}

let count = 0;

/** Where the next fake daemon may listen. */
export const freeSocket = (): string => join(tmpdir(), `fake-docker-${process.pid}-${++count}.sock`);

/** Serves a fake swarm. */
export async function listen(swarm: FakeSwarm, socket = freeSocket()): Promise<Listening> {
  rmSync(socket, { force: true });
  const daemon = await startFakeDaemon(swarm, socket);
  return { daemon, socket, close: daemon.close };
}

/** The visualizer itself, as it is built, in front of a daemon. */
export function visualizer(
  socket: string,
  environment: Readonly<Record<string, string>> = {},
  print?: (line: string) => void,
): Promise<Running> {
  const settings = readSettings({ DOCKER_HOST: `unix://${socket}`, PORT: "0", ...environment });
  const log = process.env.VERBOSE ? console.error : () => undefined;
  return startServer(settings, readAssets(join(import.meta.dirname, "../dist/public")), log, print);
}
