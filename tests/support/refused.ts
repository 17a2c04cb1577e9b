import type { Registered } from "./mocks";

type Inputs = Readonly<Record<string, unknown>>;

/** Properties whose change makes the provider replace a resource: `ForceNew` in its schema (v0.0.0-20260916201441, internal/provider). */
const replacing: Readonly<Record<string, readonly string[]>> = {
  // resource_docker_config.go:27-54, resource_docker_secret.go:23-44: every argument.
  "docker:index/serviceConfig:ServiceConfig": ["name", "data", "labels"],
  "docker:index/secret:Secret": ["name", "data", "labels"],
  // resource_docker_network.go:25-133: every argument that the farm uses.
  "docker:index/network:Network": ["name", "driver", "internal", "options", "labels", "ipamConfigs"],
  // resource_docker_service.go:54. Its networks are ForceNew as well (707-732). `mode` (762) is not in effect: only the
  // list is marked, and its length never changes.
  "docker:index/service:Service": ["name", "taskSpec.networksAdvanceds"],
};

/**
 * Why the update from one resource to another of the same name is refused or does nothing, as the provider and Swarm are
 * known to; empty when it is not.
 */
export function refusedUpdate(before: Registered, after: Registered): string[] {
  const { ignoreChanges, replaceOnChanges } = after;
  const differs = (path: string) =>
    !ignoreChanges.includes(path) && text(before.inputs, path) !== text(after.inputs, path);
  const paths = replacing[after.type];
  if (!paths) return [];
  const replaced =
    paths.some(differs) || replaceOnChanges.some(differs) || before.replacementTrigger !== after.replacementTrigger;
  const problems: string[] = [];
  // Names are unique in a swarm: the old one goes first, or the new one has another name.
  if (replaced && after.deleteBeforeReplace !== true && !differs("name")) problems.push("its name is taken");
  if (after.type !== "docker:index/service:Service") return problems;
  if (!replaced && kindOf(before.inputs) !== kindOf(after.inputs)) problems.push("a service's mode cannot change");
  // `endpoint_spec`, `placement` and `labels` keep what they were when they are left out: Optional and Computed.
  for (const path of ["endpointSpec", "taskSpec.placement"]) {
    if (text(before.inputs, path) !== undefined && text(after.inputs, path) === undefined && !replaced) {
      problems.push(`${path} stays as it was`);
    }
  }
  return problems;
}

/** Services that are to publish a port which another one publishes until its own update, as `SERVICE PORT`. */
export function takenPorts(before: readonly Registered[], after: readonly Registered[]): string[] {
  const owners = new Map(portsOf(before).map(({ service, port }) => [port, service]));
  return portsOf(after)
    .filter(({ service, port }) => (owners.get(port) ?? service) !== service)
    .map(({ service, port }) => `${service} ${String(port)}`);
}

/** Every port that a service publishes. */
export function portsOf(resources: readonly Registered[]): { service: string; port: number; resource: Registered }[] {
  return resources
    .filter(({ type }) => type === "docker:index/service:Service")
    .flatMap((resource) => {
      const { ports = [] } = (resource.inputs.endpointSpec ?? {}) as { ports?: { publishedPort: number }[] };
      return ports.map(({ publishedPort: port }) => ({ service: String(resource.inputs.name), port, resource }));
    });
}

function kindOf(inputs: Inputs): string {
  return Object.keys(inputs.mode ?? {}).join();
}

/** The value at a path of names, as a text that tells two of them apart. */
function text(inputs: Inputs, path: string): string | undefined {
  const value = path.split(".").reduce<unknown>((at, name) => (at as Inputs | undefined)?.[name], inputs);
  return value === undefined ? undefined : JSON.stringify(value);
}
