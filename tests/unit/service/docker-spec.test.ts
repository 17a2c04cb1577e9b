import { dockerSpec } from "../../../infra/service/docker-spec";
import type { ServiceSpec } from "../../../infra/service/spec/service-spec";

/** Docker's defaults for an image alone, in the provider's words. */
const onlyAnImage = {
  taskSpec: {
    containerSpec: {
      image: "nginx:1.29",
      readOnly: false,
      stopGracePeriod: "10s",
      init: false,
      healthcheck: { interval: "0s", timeout: "0s", retries: 0, startPeriod: "0s" },
      dnsConfig: { nameservers: [] },
    },
    resources: {},
    restartPolicy: { condition: "any", delay: "5s", window: "0s" },
    networksAdvanceds: [],
    placement: { constraints: [], maxReplicas: 0 },
  },
  mode: { replicated: { replicas: 1 } },
  endpointSpec: { mode: "vip" },
  updateConfig: { order: "stop-first", parallelism: 1, delay: "0s", failureAction: "pause", monitor: "5s" },
  rollbackConfig: { order: "stop-first", parallelism: 1, failureAction: "pause" },
};

test("an image is enough: everything else is as Docker has it", () => {
  expect(dockerSpec({ image: "nginx:1.29" })).toEqual(onlyAnImage);
});

test("leaves out values that the provider keeps only on request", () => {
  const { taskSpec } = dockerSpec({ image: "nginx:1.29" }, { unset: "keep" });
  const { placement: _, ...task } = onlyAnImage.taskSpec;
  const { init: __, healthcheck: ___, dnsConfig: ____, ...containerSpec } = task.containerSpec;
  expect(taskSpec).toEqual({ ...task, containerSpec });
});

test("a part that is undefined is the same as one that is left out", () => {
  const nothing = { placement: undefined, health: undefined, dns: undefined, init: undefined };
  expect(dockerSpec({ image: "nginx:1.29", ...nothing })).toEqual(onlyAnImage);
});

/** The task, or a part of the service, of an image with these settings. */
const task = (spec: Partial<ServiceSpec>) => dockerSpec({ image: "a", ...spec }).taskSpec;

test.each<[string, Partial<ServiceSpec>, object]>([
  ["a limit of memory alone", { limits: { memoryMiB: 64 } }, { resources: { limits: { memoryBytes: 67_108_864 } } }],
  [
    "generic resources, counted and named",
    { reservations: { generic: { ssd: 2, gpu: ["b", "a"] } } },
    {
      resources: {
        reservation: {
          genericResources: { discreteResourcesSpecs: ["ssd=2"], namedResourcesSpecs: ["gpu=b", "gpu=a"] },
        },
      },
    },
  ],
  [
    "a restart policy",
    { restart: { condition: "on-failure", maxAttempts: 3, windowSeconds: 60 } },
    { restartPolicy: { condition: "on-failure", delay: "5s", maxAttempts: 3, window: "1m" } },
  ],
  [
    "no restart, for a task that has an end",
    { oneShot: true },
    { restartPolicy: { condition: "none", delay: "5s", window: "0s" } },
  ],
  [
    "a place",
    {
      placement: {
        constraints: ["node.role == worker"],
        spread: "node.labels.zone",
        maxReplicasPerNode: 2,
        platforms: [{ os: "linux", architecture: "amd64" }],
      },
    },
    {
      placement: {
        constraints: ["node.role == worker"],
        prefs: ["node.labels.zone"],
        maxReplicas: 2,
        platforms: [{ os: "linux", architecture: "amd64" }],
      },
    },
  ],
  [
    "networks by id",
    { networks: [{ id: "n1", aliases: ["db"], driverOptions: { b: "2", a: "1" } }, { id: "n2" }] },
    { networksAdvanceds: [{ id: "n1", aliases: ["db"], driverOpts: ["a=1", "b=2"] }, { id: "n2" }] },
  ],
  ["a log driver", { logging: { driver: "journald" } }, { logDriver: { name: "journald" } }],
  ["a forced update", { forceUpdate: 3 }, { forceUpdate: 3 }],
])("a task has %s", (_, spec, expected) => {
  expect(task(spec)).toMatchObject(expected);
});

test.each<[string, Partial<ServiceSpec>, object]>([
  ["runs on every node", { mode: "global" }, { mode: { global: true } }],
  ["is stopped", { mode: { replicas: 0 } }, { mode: { replicated: { replicas: 0 } } }],
  ["is found by the addresses of its tasks", { endpointMode: "dnsrr" }, { endpointSpec: { mode: "dnsrr" } }],
  [
    "publishes ports in a row",
    { ports: [{ target: 80, published: 8080, count: 2, protocol: "udp", mode: "host" }] },
    {
      endpointSpec: {
        ports: [
          { targetPort: 80, publishedPort: 8080, protocol: "udp", publishMode: "host" },
          { targetPort: 81, publishedPort: 8081, protocol: "udp", publishMode: "host" },
        ],
      },
    },
  ],
  [
    "publishes a port that Swarm chooses",
    { ports: [{ target: 80 }] },
    { endpointSpec: { ports: [{ targetPort: 80, protocol: "tcp", publishMode: "ingress" }] } },
  ],
  [
    "has labels beside the farm's own",
    { labels: { b: "2", a: "1" } },
    {
      labels: [
        { label: "a", value: "1" },
        { label: "b", value: "2" },
      ],
    },
  ],
  [
    "is updated and rolled back by its policies",
    {
      update: { parallelism: 0, maxFailureRatio: 0.2 },
      rollback: { order: "start-first", failureAction: "continue", delaySeconds: 90, monitorSeconds: 15 },
    },
    {
      updateConfig: { parallelism: 0, maxFailureRatio: "0.2" },
      rollbackConfig: { order: "start-first", failureAction: "continue", delay: "1m30s", monitor: "15s" },
    },
  ],
])("a service %s", (_, spec, expected) => {
  expect(dockerSpec({ image: "a", ...spec })).toMatchObject(expected);
});

test("mutually exclusive settings do not compile", () => {
  // @ts-expect-error: the routing mesh needs a virtual address.
  const mesh: ServiceSpec = { image: "a", endpointMode: "dnsrr", ports: [{ target: 80 }] };
  // @ts-expect-error: a task that has an end is not started forever.
  const again: ServiceSpec = { image: "a", oneShot: true, restart: { condition: "any" } };
  // @ts-expect-error: a task that has an end is not on every node.
  const everywhere: ServiceSpec = { image: "a", oneShot: true, mode: "global" };
  // @ts-expect-error: one check, by a program or by a line for the shell.
  const both: ServiceSpec = { image: "a", health: { command: ["a"], shell: "a" } };
  // @ts-expect-error: a rollback is not rolled back.
  const back: ServiceSpec = { image: "a", rollback: { failureAction: "rollback" } };
  // @ts-expect-error: memory has no source.
  const source: ServiceSpec = { image: "a", mounts: [{ type: "tmpfs", source: "a", target: "/a" }] };
  expect([mesh, again, everywhere, both, back, source]).toHaveLength(6);
});
