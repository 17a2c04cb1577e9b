import { builtPlugin, honoured, honouredAnd, honouredMap, improved, refused, type Key } from "./key";

const deploy = "services.*.deploy.";

/** Keys of `deploy`. */
export const deployKeys: readonly Key[] = [
  ...honoured("services.*.", "deploy"),
  ...honoured(deploy, "mode", "replicas", "endpoint_mode", "resources", "resources.limits", "resources.reservations"),
  {
    ...honouredAnd(
      `${deploy}labels`,
      "with `jobs: {}` those of swarm-cronjob make the service a job (docs/how-to/jobs.md)",
    ),
    open: true,
  },
  ...["limits", "reservations"].flatMap((kind) => honoured(`${deploy}resources.${kind}.`, "cpus", "memory")),
  honouredAnd(`${deploy}resources.limits.pids`, builtPlugin),
  ...honouredMap(deploy, "resources.reservations.generic_resources"),
  refused(`${deploy}resources.reservations.devices`, "refuses", "Swarm reserves no devices", "use 'generic_resources'"),
  ...honoured(deploy, "restart_policy", "update_config", "rollback_config"),
  ...honoured(`${deploy}restart_policy.`, "condition", "delay", "max_attempts", "window"),
  ...["update_config.", "rollback_config."].flatMap((policy) =>
    honoured(deploy + policy, "parallelism", "delay", "failure_action", "monitor", "max_failure_ratio", "order"),
  ),
  ...honoured(deploy, "placement", "placement.constraints", "placement.preferences", "placement.preferences[].spread"),
  ...honoured(deploy, "placement.max_replicas_per_node"),
  improved(`${deploy}x-*`, "refuses", "a remark, as elsewhere in the file", true),
];
