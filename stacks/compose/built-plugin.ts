import { formatKey, type ComposeService } from "../../compose";

/** Keys of a service that only the docker plugin built here can set, each with its place, e.g. `shop.yaml:4: services.web.tty`. */
export function builtPluginKeys(service: ComposeService): string[] {
  const { tty, stdinOpen, ulimits, resources, healthCheck } = service;
  const used: readonly (readonly [key: string, isUsed: boolean])[] = [
    ["tty", tty],
    ["stdin_open", stdinOpen],
    ["ulimits", ulimits.length > 0],
    ["deploy.resources.limits.pids", (resources.limits.pids ?? 0) > 0],
    ["healthcheck.start_interval", (healthCheck?.startIntervalSeconds ?? 0) > 0 && healthCheck?.test?.[0] !== "NONE"],
  ];
  return used.flatMap(([key, isUsed]) => (isUsed ? [formatKey(service, key)] : []));
}
