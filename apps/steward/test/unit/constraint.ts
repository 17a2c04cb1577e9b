import assert from "node:assert/strict";
import { test } from "node:test";
import { suits, unknownConstraint } from "../../src/rebalance/constraint.ts";
import { snapshotOf, unevenSwarm } from "../world.ts";

const { services, nodes } = snapshotOf(unevenSwarm(1).swarm);
const [service] = services;
const [bare] = nodes;
assert.ok(service && bare);
const node = { ...bare, hostname: "worker-1", role: "worker", labels: { zone: "A" }, engineLabels: { disk: "ssd" } };

const allows = (...constraints: string[]): boolean => suits({ ...service, constraints }, node);

test("constraints have Swarm's meaning", () => {
  assert.ok(allows());
  assert.ok(allows("node.labels.zone==a", "node.role == worker", "node.hostname!=worker-2"));
  assert.ok(allows("engine.labels.disk==ssd", "node.platform.os==linux", "node.platform.arch!=aarch64"));
  assert.ok(allows(`node.id==${node.id}`));
  assert.ok(allows("node.labels.absent!=x"), "an absent label differs from every value");
  assert.ok(!allows("node.labels.absent==x"));
  assert.ok(!allows("node.role==manager"));
  assert.ok(!allows("node.labels.zone==a", "node.labels.zone!=a"));
});

test("an image for another platform does not suit", () => {
  const on = (os: string, arch: string): boolean => suits({ ...service, platforms: [{ os, arch }] }, node);
  assert.ok(on("linux", "amd64"));
  assert.ok(on("", ""));
  assert.ok(!on("linux", "arm64"));
  assert.ok(!on("windows", "amd64"));
});

test("constraints that are not known are named", () => {
  const unknown = (text: string): string | undefined => unknownConstraint({ ...service, constraints: [text] });
  assert.equal(unknown("node.labels.zone==a"), undefined);
  assert.equal(unknown("node.ip==10.0.0.0/8"), "node.ip==10.0.0.0/8");
  assert.equal(unknown("nonsense"), "nonsense");
});
