/** Keys of a service in a compose file, by the parts of the spec that they become. Others have the name of the spec. */
const keys: readonly (readonly [part: string, key: string])[] = [
  ["limits", "deploy.resources.limits"],
  ["reservations", "deploy.resources.reservations"],
  ["update", "deploy.update_config"],
  ["rollback", "deploy.rollback_config"],
  ["restart", "deploy.restart_policy"],
  ["placement", "deploy.placement"],
  ["labels", "deploy.labels"],
  ["mode.replicas", "deploy.replicas"],
  ["mode", "deploy.mode"],
  ["mounts", "volumes"],
  ["env", "environment"],
  ["hosts", "extra_hosts"],
  ["health.command", "healthcheck.test"],
  ["health", "healthcheck"],
  ["stopGraceSeconds", "stop_grace_period"],
];

/** Units are in the spec's names, and in the values of a compose file. */
const unit = /(Seconds|MiB)$/;

/**
 * The key of a compose file's service that a path in the spec comes from, e.g. `deploy.update_config.max_failure_ratio` for
 * `update.maxFailureRatio`. An index stays.
 */
export function fileKeyOf(path: string): string {
  const found = keys.find(([part]) => path === part || path.startsWith(`${part}.`) || path.startsWith(`${part}[`));
  if (found === undefined) return path;
  const [part, key] = found;
  const rest = path.slice(part.length);
  return `${key}${rest.replace(unit, "").replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)}`;
}
