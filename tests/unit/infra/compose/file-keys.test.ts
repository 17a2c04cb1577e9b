import { fileKeyOf } from "../../../../infra/compose/spec/file-keys";
import { composeKeys } from "../../../../compose/keys/table";

test.each([
  ["limits.memoryMiB", "deploy.resources.limits.memory"],
  ["update.maxFailureRatio", "deploy.update_config.max_failure_ratio"],
  ["rollback.monitorSeconds", "deploy.rollback_config.monitor"],
  ["restart.maxAttempts", "deploy.restart_policy.max_attempts"],
  ["placement.constraints[1]", "deploy.placement.constraints[1]"],
  ["mode.replicas", "deploy.replicas"],
  ["mounts[0].target", "volumes[0].target"],
  ["health.command", "healthcheck.test"],
  ["health.retries", "healthcheck.retries"],
  ["stopGraceSeconds", "stop_grace_period"],
  ["image", "image"],
])("'%s' of the spec is '%s' of the file", (path, key) => {
  expect(fileKeyOf(path)).toBe(key);
  const known = composeKeys.map(({ path: each }) => each.replaceAll("[]", ""));
  expect(known).toContain(`services.*.${key.replaceAll(/\[\d+\]/g, "")}`);
});
