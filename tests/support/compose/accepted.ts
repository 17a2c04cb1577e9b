import { isObject, mapped, object, text } from "./json";
import { normalize } from "./normalize";
import type { Json, JsonObject, Recorded } from "./recording-api";

const seconds = 1e9;

/** Lists of which the provider keeps neither the order nor what stands twice, which says nothing to Docker. */
const sets = new Set(["Aliases", "Configs", "Constraints", "Hosts", "Mounts", "Networks", "Secrets"]);

/** Requests as Docker's API receives them, with the daemon's defaults filled in, for comparison field by field. */
export function accepted(recorded: Recorded): Json {
  const services = mapped(recorded.services, withDefaults);
  const networks = mapped(recorded.networks, withNetworkDefaults);
  return JSON.parse(JSON.stringify(normalize({ ...recorded, services, networks })), (key, value: unknown) =>
    sets.has(key) && Array.isArray(value) ? sorted(value) : value,
  ) as Json;
}

function sorted(list: readonly unknown[]): unknown[] {
  const byText = new Map(list.map((each) => [textOf(each), each]));
  return [...byText].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, each]) => each);
}

/** The same whatever the order of keys. */
function textOf(value: unknown): string {
  return JSON.stringify(value, (_key, each: unknown) =>
    isObject(each) ? Object.fromEntries(Object.entries(each).sort(([a], [b]) => (a < b ? -1 : 1))) : each,
  );
}

function withNetworkDefaults(spec: JsonObject): JsonObject {
  const ipam = object(spec.IPAM);
  return { ...spec, IPAM: { ...ipam, Driver: text(ipam.Driver) ?? "default" } };
}

/** As swarmkit's api/defaults/service.go and the daemon's convert/service.go: a zero that is said is none of these. */
function withDefaults(spec: JsonObject): JsonObject {
  const task = object(spec.TaskTemplate);
  const container = object(task.ContainerSpec);
  const restart = object(task.RestartPolicy);
  const mode = object(spec.Mode);
  const endpoint = object(spec.EndpointSpec);
  const counted = Object.values(mode).every((each) => each === null);
  return {
    ...spec,
    TaskTemplate: {
      ...task,
      ContainerSpec: {
        ...container,
        StopGracePeriod: container.StopGracePeriod ?? 10 * seconds,
        Isolation: text(container.Isolation) ?? "default",
        Healthcheck: container.Healthcheck ?? {},
      },
      RestartPolicy: {
        ...restart,
        Condition: text(restart.Condition) ?? "any",
        Delay: restart.Delay ?? 5 * seconds,
      },
      LogDriver: isObject(task.LogDriver)
        ? { ...task.LogDriver, Name: text(task.LogDriver.Name) ?? "json-file" }
        : null,
    },
    Mode: counted
      ? { Replicated: { Replicas: 1 } }
      : isObject(mode.Replicated)
        ? { Replicated: { Replicas: mode.Replicated.Replicas ?? 1 } }
        : mode,
    UpdateConfig: policyWithDefaults(spec.UpdateConfig),
    RollbackConfig: policyWithDefaults(spec.RollbackConfig),
    EndpointSpec: { ...endpoint, Mode: text(endpoint.Mode) ?? "vip" },
  };
}

function policyWithDefaults(given: Json | undefined): JsonObject {
  const policy = object(given);
  return {
    ...policy,
    // A policy without it is a policy of all tasks at once.
    Parallelism: isObject(given) ? (policy.Parallelism ?? 0) : 1,
    FailureAction: text(policy.FailureAction) ?? "pause",
    Monitor: policy.Monitor === undefined || policy.Monitor === 0 ? 5 * seconds : policy.Monitor,
    Order: text(policy.Order) ?? "stop-first",
  };
}
