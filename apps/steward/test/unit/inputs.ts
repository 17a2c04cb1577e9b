import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import fc from "fast-check";
import { policyOf } from "../../src/autoscale/policy.ts";
import { queryOf } from "../../src/autoscale/prometheus.ts";
import { readSettings } from "../../src/settings.ts";
import { snapshotOf, unevenSwarm } from "../world.ts";

const [service] = snapshotOf(unevenSwarm(1).swarm).services;
assert.ok(service);

const read = (text: string) => policyOf({ ...service, labels: { "swarm-farm.autoscale": text } });
const problem = (text: string): string => {
  const found = read(text);
  return found && "problem" in found ? found.problem : "";
};

test("a policy is read with its defaults", () => {
  assert.deepEqual(read('{"min":1,"max":6,"metric":"cpu","target":0.6}'), {
    policy: { min: 1, max: 6, metric: "cpu", target: 0.6, upCooldownSeconds: 30, downCooldownSeconds: 180 },
  });
  assert.equal(policyOf(service), undefined);
});

test("a wrong policy is reported with its service and fault", () => {
  assert.match(problem("{"), /service 'web': label swarm-farm.autoscale: not JSON/);
  assert.match(problem('{"min":3,"max":2,"metric":"cpu","target":1}'), /min is greater than max/);
  assert.match(problem('{"min":1,"max":2,"metric":"disk","target":1}'), /metric: /);
  assert.match(problem('{"min":0,"max":2,"metric":"cpu","target":1}'), /min: /);
  assert.match(problem('{"min":1,"max":2,"metric":"cpu","target":0}'), /target: /);
  assert.match(problem('{"min":1,"max":2,"metric":"cpu","target":1,"window":3}'), /window/);
  assert.match(problem('{"min":1,"max":2,"metric":"cpu","target":1,"route":"x"}'), /route/);
  const global = policyOf({ ...service, mode: "global", labels: { "swarm-farm.autoscale": "{}" } });
  assert.match(global && "problem" in global ? global.problem : "", /not replicated/);
});

test("queries name the service or the route, and nothing gets out of its quotes", () => {
  const cpu = { min: 1, max: 2, metric: "cpu", target: 1, upCooldownSeconds: 0, downCooldownSeconds: 0 } as const;
  assert.equal(
    queryOf("web", cpu, 60),
    'sum(rate(container_cpu_usage_seconds_total{container_label_com_docker_swarm_service_name="web"}[60s]))',
  );
  const requests = { ...cpu, metric: "requests" } as const;
  assert.equal(
    queryOf("web", requests, 30),
    'sum(rate(swarm_farm_requests_total{route="web"}[30s])) or 0 * sum(rate(swarm_farm_log_lines_unparsed_total[30s]))',
  );
  fc.assert(
    fc.property(fc.string({ unit: "binary-ascii" }), (route) => {
      const query = queryOf("web", { ...requests, route }, 30);
      const quoted = query.slice(query.indexOf("=") + 1, query.lastIndexOf("}[30s])) or 0"));
      assert.equal(JSON.parse(quoted), route);
      assert.match(quoted, /^"(?:[^"\\\n]|\\.)*"$/);
    }),
  );
});

const folder = mkdtempSync(join(tmpdir(), "steward-"));
const file = (text: string): string => {
  const path = join(folder, "settings.json");
  writeFileSync(path, text);
  return path;
};

test("settings come from a file, over which variables go, over defaults", (t) => {
  t.after(() => {
    rmSync(folder, { recursive: true });
  });
  const { periodSeconds, quietSeconds, port } = readSettings(
    { PORT: "0", PERIOD_SECONDS: "" },
    file('{"quietSeconds":7}'),
  );
  assert.deepEqual([periodSeconds, quietSeconds, port], [5, 7, 0]);
  assert.equal(readSettings({ QUIET_SECONDS: "9" }, file('{"quietSeconds":7}')).quietSeconds, 9);
  assert.throws(() => readSettings({}, file('{"quiet":7}')), /quiet/);
  assert.throws(() => readSettings({}, file("[]")), /settings file .*: not an object/);
  assert.throws(() => readSettings({ THRESHOLD: "1" }, undefined), /threshold \(THRESHOLD\): /);
  assert.throws(
    () => readSettings({ LEASE_SECONDS: "12" }, undefined),
    /must be at least 2 × requestSeconds \+ 2 × periodSeconds/,
  );
  assert.throws(() => readSettings({ DOCKER_HOST: "ssh://x" }, undefined), /unix:\/\/\/path or tcp/);
});
