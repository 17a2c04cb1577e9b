import { formatPosition, type ComposeService } from "../../compose";

/** Keys of a service that only the docker plugin built here can set, each with its place, e.g. `shop.yaml:4: services.web.tty`. */
export function builtPluginKeys(service: ComposeService): string[] {
  const { tty, stdinOpen, ulimits, resources, healthCheck, positions } = service;
  const used: readonly (readonly [key: string, isUsed: boolean])[] = [
    ["tty", tty],
    ["stdin_open", stdinOpen],
    ["ulimits", ulimits.length > 0],
    [positions.has("pids_limit") ? "pids_limit" : "deploy.resources.limits.pids", (resources.limits.pids ?? 0) > 0],
    ["healthcheck.start_interval", (healthCheck?.startIntervalSeconds ?? 0) > 0 && healthCheck?.test?.[0] !== "NONE"],
  ];
  return used.flatMap(([key, isUsed]) => (isUsed ? [`${placeOf(service, key)}: services.${service.key}.${key}`] : []));
}

/** The line of a key, or of the nearest one around it whose line is known. */
function placeOf({ at, positions }: ComposeService, key: string): string {
  const around = key.split(".").map((_, index, parts) => parts.slice(0, parts.length - index).join("."));
  return formatPosition(around.flatMap((each) => positions.get(each) ?? [])[0] ?? at);
}
