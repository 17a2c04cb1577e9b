import type * as pulumi from "@pulumi/pulumi";
import { swarmCommand } from "../remote/swarm-command";
import { script } from "../remote/shell";
import type { Swarm } from "../swarm/swarm";

/** The published ports of each service, by the service's name. */
export type PublishedPorts = Readonly<Record<string, readonly number[]>>;

/**
 * Takes ports away from the services that held them, before the services that are to have them are updated: Swarm refuses
 * a service whose port another one publishes, so two services that swap ports, or one that takes the port of a service
 * which this update removes, cannot be updated one after the other.
 *
 * Runs again when the ports change. A service with ports goes after it.
 */
export function claimPorts(swarm: Swarm, ports: PublishedPorts): pulumi.Resource {
  const lines = Object.entries(ports).flatMap(([service, list]) => list.map((port) => `${service} ${String(port)}\n`));
  return swarmCommand(
    "published-ports",
    { ssh: swarm.ssh, after: [swarm.complete], create: claimScript(), stdin: lines.join("") },
    { parent: swarm, deletedWith: swarm.goneWith },
  );
}

/** A published TCP port of a service (a UDP port of the same number is another), a line `SERVICE PORT TARGET MODE MADE-BY` each. */
const heldPorts =
  '{{$name := .Spec.Name}}{{$by := index .Spec.Labels "swarm-farm.made-by"}}{{with .Spec.EndpointSpec}}{{range .Ports}}' +
  '{{if eq .Protocol "tcp"}}{{$name}} {{.PublishedPort}} {{.TargetPort}} {{.PublishMode}} {{$by}}{{"\\n"}}{{end}}{{end}}{{end}}';

/** On a manager; reads lines `SERVICE PORT`. A service that the farm did not make keeps its port, and the update ends. */
export function claimScript(): string {
  return script(
    "wanted=$(cat)",
    "services=$(docker service ls -q)",
    '[ -n "$services" ] || exit 0',
    `held=$(docker service inspect --format '${heldPorts}' $services)`,
    `taken=$({ printf '%s\\n' "$wanted"; printf '%s\\n' "$held"; } |`,
    `  awk 'NF == 2 { owner[$2] = $1; next } NF > 2 && $2 in owner && owner[$2] != $1 { print owner[$2], $0 }')`,
    '[ -n "$taken" ] || exit 0',
    // All is looked at before anything is taken.
    `printf '%s\\n' "$taken" | while read -r owner name port target mode by; do`,
    "  [ -n \"$by\" ] || { echo \"port $port: '$owner' cannot publish it, the service '$name' does, which this farm did not make: choose another port, or remove it with 'docker service rm $name'\" >&2; exit 1; }",
    "done",
    `printf '%s\\n' "$taken" | while read -r owner name port target mode by; do`,
    '  docker service update --detach --quiet --no-resolve-image --publish-rm "target=$target,mode=$mode,protocol=tcp" "$name" </dev/null >/dev/null',
    "  echo \"took port $port from '$name' for '$owner'\"",
    "done",
  );
}
