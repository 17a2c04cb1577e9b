import { readFileSync } from "node:fs";
import { join } from "node:path";
import { scripts } from "./scripts";
import { stopSignalNumber, successorSeconds, type PortPair } from "./tasks";

/** The settings of a node's handover; node/handover explains each. */
export interface HandoverSettings {
  /** The load balancer's name in the swarm. */
  readonly service: string;
  readonly ports: readonly PortPair[];
  /** The container's port that answers `/healthz`. */
  readonly healthPort: number;
}

/** Text of a script that installs the handover on a node, or updates its settings. */
export function installScript({ service, ports, healthPort }: HandoverSettings): string {
  const settings = [
    `SERVICE=${service}`,
    `PORTS="${ports.map(({ published, target }) => `${String(published)}:${String(target)}`).join(" ")}"`,
    `HEALTH_PORT=${String(healthPort)}`,
    `STOP_SIGNAL=${String(stopSignalNumber)}`,
    `SUCCESSOR_SECONDS=${String(successorSeconds)}`,
  ];
  return scripts("install.sh", {
    PORTS: ports.map(({ published }) => String(published)).join(" "),
    SETTINGS: settings.map((line) => `${line}\n`).join(""),
    PROGRAM: nodeFile("handover"),
    UNIT: nodeFile("handover.service"),
  });
}

/** Text of a script that stops the handover of a node, and removes it with its rules. */
export function uninstallScript(): string {
  return scripts("uninstall.sh", {});
}

function nodeFile(name: string): string {
  return readFileSync(join(__dirname, "node", name), "utf8");
}
