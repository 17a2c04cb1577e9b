import { runProgram, stackConfig } from "../support/program";

const dev = stackConfig("Pulumi.dev.yaml");

/** Health check commands of the tasks of each service. */
async function healthChecks(changes: Record<string, unknown>): Promise<[service: string, command: string][]> {
  const { resources } = await runProgram({ ...dev, ...changes });
  return resources
    .filter(({ type }) => type === "docker:index/service:Service")
    .map(({ inputs }) => {
      const { containerSpec } = inputs.taskSpec as { containerSpec: { healthcheck: { tests: string[] } } };
      return [String(inputs.name), containerSpec.healthcheck.tests.join(" ")];
    });
}

test.each([
  { steward: {} },
  { loadbalancer: { implementation: "haproxy" }, lamp: { admin: { image: "adminer:5.4.1" } } },
])("no health check leaves a process behind, with %j", async (changes) => {
  const checks = await healthChecks(changes);
  expect(checks.length).toBeGreaterThan(6);
  // For https busybox starts openssl, which outlives it; no first process of our containers reaps it.
  expect(checks.filter(([, command]) => /wget\b.*https:/.test(command))).toEqual([]);
});
