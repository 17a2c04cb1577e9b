import * as fc from "fast-check";
import type { ComposeService } from "../../../../compose";
import { capabilityOf } from "../../../../infra/compose/spec/container";
import { healthOf } from "../../../../infra/compose/spec/health";
import { mountsOf } from "../../../../infra/compose/spec/mounts";
import { constraintOf, limitsOf } from "../../../../infra/compose/spec/placement";
import { oneShotsOf, rollbackOf } from "../../../../infra/compose/spec/policies";
import { bytes, mebibytes } from "../../../../infra/service/spec/units";

const text = (value: unknown) => String(value);
const at = { file: "compose.yaml", line: 1 };

test.each([
  ["node.labels.db==true", "node.labels.db == true"],
  ["node.labels.Zone != a b ", "node.labels.Zone != a b"],
  ["Node.Role == worker", "node.role == worker"],
  ["engine.labels.os==linux", "engine.labels.os == linux"],
  ["node.colour == red", undefined],
  ["node.role = worker", undefined],
])("the constraint '%s' is %s", (written, expected) => {
  expect(constraintOf(written)).toBe(expected);
});

test.each([
  [undefined, undefined],
  [{ test: ["NONE"] }, "none"],
  [
    { test: ["CMD", "true"], retries: 2 },
    { command: ["true"], retries: 2 },
  ],
  [{ test: ["CMD-SHELL", "a || b"] }, { shell: "a || b" }],
  [{ intervalSeconds: 5 }, { intervalSeconds: 5 }],
])("the health check %j is %j", (check, expected) => {
  expect(healthOf(check, text)).toEqual(expected);
});

test.each([
  ["CAP_NET_ADMIN", "NET_ADMIN"],
  ["ALL", "ALL"],
  ["CAP_FLY", undefined],
])("the capability %s is %s", (name, expected) => {
  expect(capabilityOf(name)).toBe(expected);
});

test("mounts keep their options", () => {
  const base = { target: "/data", readOnly: true, at };
  const driver = { name: "nfs", options: { o: "addr=10.0.0.1" } };
  expect(
    mountsOf(
      [
        { ...base, type: "volume", source: "shop_data", noCopy: true, labels: { a: "b" }, driver },
        { ...base, type: "bind", source: "/srv", propagation: "rshared" },
        { ...base, type: "tmpfs", sizeBytes: 1_048_576, mode: 0o700 },
      ],
      text,
    ),
  ).toEqual([
    { type: "volume", target: "/data", readOnly: true, source: "shop_data", noCopy: true, labels: { a: "b" }, driver },
    { type: "bind", target: "/data", readOnly: true, source: "/srv", propagation: "rshared" },
    { type: "tmpfs", target: "/data", readOnly: true, sizeMiB: 1, mode: 0o700 },
  ]);
});

test("a rollback that fails pauses, as Swarm does where the file says rollback", () => {
  expect(rollbackOf({ parallelism: 1, delaySeconds: 0, maxFailureRatio: 0, failureAction: "rollback" })).toMatchObject({
    failureAction: "pause",
  });
});

test("services that another waits for until they completed, and those never started again, end", () => {
  const service = (key: string, more: object) =>
    ({ key, mode: { kind: "replicated" }, dependsOn: [], ...more }) as unknown as ComposeService;
  const services = [
    service("migrate", {}),
    service("job", { restartPolicy: { condition: "none" } }),
    service("agent", { mode: { kind: "global" }, restartPolicy: { condition: "none" } }),
    service("web", { dependsOn: [{ service: "migrate", condition: "completed", at }] }),
  ];
  expect([...oneShotsOf(services)].sort()).toEqual(["job", "migrate"]);
});

test("a limit of memory is sent to the byte, and 0 is none", () => {
  const limits = (memoryBytes: number) =>
    limitsOf({ limits: { memoryBytes }, reservations: { generic: [] } }).memoryMiB;
  expect(limits(0)).toBeUndefined();
  fc.assert(fc.property(fc.integer({ min: 1, max: 2 ** 45 }), (size) => bytes(limits(size) ?? 0) === size));
  expect(mebibytes(1_048_576)).toBe(1);
});
