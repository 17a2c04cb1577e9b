import type { DeployPart, Placed, ResourcesPart } from "./part";
import type { ComposeRestartPolicy, ComposeUpdatePolicy } from "../model/service";
import type { Cursor } from "../yaml/cursor";
import { cpus, duration, mapping, size } from "./values";

/** `deploy` of a service. */
export function deploy(cursor: Cursor | undefined): DeployPart {
  const placement = cursor?.get("placement");
  const resources = cursor?.get("resources");
  return {
    mode: cursor?.get("mode")?.oneOf(["replicated", "global", "replicated-job", "global-job"]),
    replicas: cursor?.get("replicas")?.count(),
    endpointMode: cursor?.get("endpoint_mode")?.oneOf(["vip", "dnsrr"]),
    labels: mapping(cursor?.get("labels")),
    limits: limits(resources?.get("limits")),
    reservations: limits(resources?.get("reservations")),
    restartPolicy: restartPolicy(cursor?.get("restart_policy")),
    update: updatePolicy(cursor?.get("update_config"), ["pause", "continue", "rollback"]),
    rollback: updatePolicy(cursor?.get("rollback_config"), ["pause", "continue", "rollback"]),
    constraints: placed(placement?.get("constraints")),
    spread: (placement?.get("preferences")?.items() ?? []).flatMap((item) => textAt(item.get("spread"))),
    maxReplicasPerNode: placement?.get("max_replicas_per_node")?.count(),
  };
}

function limits(cursor: Cursor | undefined): ResourcesPart {
  const generic = cursor
    ?.get("generic_resources")
    ?.items()
    .flatMap((item) => {
      const spec = item.get("discrete_resource_spec");
      const kind = spec?.get("kind")?.plain();
      const value = spec?.get("value")?.count();
      return kind === undefined || value === undefined ? [] : [{ kind, value }];
    });
  return {
    cpus: cpus(cursor?.get("cpus")),
    memoryBytes: size(cursor?.get("memory")),
    pids: cursor?.get("pids")?.number(),
    generic,
  };
}

function restartPolicy(cursor: Cursor | undefined): ComposeRestartPolicy | undefined {
  if (cursor === undefined) return undefined;
  return defined({
    condition: restartCondition(cursor.get("condition")),
    delaySeconds: duration(cursor.get("delay")),
    maxAttempts: cursor.get("max_attempts")?.count(),
    windowSeconds: duration(cursor.get("window")),
  });
}

/** Words of `restart`, which the daemon refuses here. */
const restartWords = { always: "any", "unless-stopped": "any", no: "none" } as const;

function restartCondition(cursor: Cursor | undefined): ComposeRestartPolicy["condition"] {
  const source = cursor?.node.kind === "scalar" ? cursor.node.source : "";
  const word = Object.keys(restartWords).find((each): each is keyof typeof restartWords => each === source);
  if (word === undefined) return cursor?.oneOf(["any", "on-failure", "none"]);
  cursor?.findings.improve(
    cursor.at,
    cursor.path,
    `docker's daemon refuses '${word}'; here it is '${restartWords[word]}'`,
  );
  return restartWords[word];
}

function updatePolicy(
  cursor: Cursor | undefined,
  actions: readonly ("pause" | "continue" | "rollback")[],
): Partial<ComposeUpdatePolicy> | undefined {
  if (cursor === undefined) return undefined;
  return defined({
    parallelism: cursor.get("parallelism")?.count(),
    delaySeconds: duration(cursor.get("delay")),
    failureAction: cursor.get("failure_action")?.oneOf(actions),
    monitorSeconds: duration(cursor.get("monitor")),
    maxFailureRatio: cursor.get("max_failure_ratio")?.number(),
    order: cursor.get("order")?.oneOf(["start-first", "stop-first"]),
  });
}

function placed(cursor: Cursor | undefined): readonly Placed[] {
  return (cursor?.items() ?? []).flatMap(textAt);
}

/** A text with its place. */
export function textAt(cursor: Cursor | undefined): Placed[] {
  const value = cursor?.plain();
  return cursor === undefined || value === undefined ? [] : [{ value, at: cursor.at, path: cursor.path }];
}

/** A record without the fields that are undefined. */
export function defined<T extends object>(record: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(record).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>;
  };
}
