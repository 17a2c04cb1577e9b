import { formatPosition, type Position } from "./position";
import type { ComposeService } from "./service";

/** Keys of plain Compose, by those of `deploy` in whose place they may stand. Where both do, that of `deploy` wins. */
const plainKeys: Readonly<Record<string, string>> = {
  "deploy.resources.limits.pids": "pids_limit",
  "deploy.resources.limits.memory": "mem_limit",
  "deploy.resources.limits.cpus": "cpus",
  "deploy.resources.reservations.memory": "mem_reservation",
  "deploy.restart_policy": "restart",
};

/** The key that sets a value of a service in its file, and its line. */
export interface KeyPosition {
  /** The key that sets it, or would, e.g. `mem_limit`. */
  readonly key: string;
  /** Its line, or that of the part it is in. */
  readonly position: Position;
}

/** Where a value is set, by the key that `docker stack deploy` has for it, e.g. `deploy.resources.limits.memory`. */
export function keyPositionOf(service: ComposeService, key: string): KeyPosition {
  const own = plainKeys[key];
  const written = own !== undefined && service.positions.has(own) && !service.positions.has(key) ? own : key;
  return { key: written, position: nearestPosition(service, written) };
}

/** The same as a person reads it, e.g. `shop.yaml:4: services.web.mem_limit`. */
export function formatKey(service: ComposeService, key: string): string {
  const { key: written, position } = keyPositionOf(service, key);
  return `${formatPosition(position)}: services.${service.key}.${written}`;
}

/** A key without the indexes of lists, whose items have no position of their own. */
export function withoutIndex(key: string): string {
  return key.replaceAll(/\[\d+\]/g, "");
}

function nearestPosition(service: ComposeService, key: string): Position {
  const whole = withoutIndex(key);
  const outer = whole.slice(0, Math.max(0, whole.lastIndexOf(".")));
  return service.positions.get(whole) ?? (outer === "" ? service.at : nearestPosition(service, outer));
}
