import type { FarmServiceSpec } from "../../../infra/service/farm-service";
import type { HostPort } from "../../../infra/service/spec/ports";

/** A port of every node, and the one of a task that it leads to. */
export type PortPair = Required<Pick<HostPort, "published" | "target">> & Pick<HostPort, "protocol">;

/** How long a stopped task serves while no other one answers: as an emulated node may need to start another. */
export const successorSeconds = 30;

/**
 * The signal by which Docker stops a task: without an effect, so that the task serves until node/handover tells it to finish. nginx and
 * HAProxy have no handler for it, and its default is to be ignored (signal(7)).
 */
const stopSignal = "SIGURG";

/** Its number on x86 and ARM. */
export const stopSignalNumber = 23;

/** The signal that lets each program finish: it closes its ports, and serves the connections that it has. */
const drainSignals = { nginx: "QUIT", haproxy: "USR1" } as const;

/** From the end of the grace to Docker's kill: the program itself ends its connections before. */
const killSeconds = 10;

/** How tasks get the ports of their nodes, and how they are stopped. With a grace they publish none: the handover directs the ports to them. */
export function portsAndStop(
  implementation: keyof typeof drainSignals,
  ports: readonly PortPair[],
  drainSeconds: number | undefined,
): Pick<FarmServiceSpec, "stopSignal" | "stopGraceSeconds" | "env"> & { readonly ports?: HostPort[] } {
  if (drainSeconds === undefined) return { ports: ports.map((pair) => ({ ...pair, mode: "host" })) };
  return {
    stopSignal,
    stopGraceSeconds: successorSeconds + drainSeconds + killSeconds,
    env: { DRAIN_SIGNAL: drainSignals[implementation] },
  };
}
