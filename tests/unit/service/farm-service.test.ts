import { dockerSpec } from "../../../infra/service/docker-spec";
import { farmService, type FarmServiceSpec } from "../../../infra/service/farm-service";
import type { SwarmTarget } from "../../../infra/swarm/target";

/** Arguments of the provider for a service of the farm's own stacks. */
function providerArgs(spec: FarmServiceSpec) {
  const { spec: all, unset } = farmService({ swarm: {} as SwarmTarget, spec });
  return dockerSpec(all, { unset });
}

/** The least that a service has to say. */
const least = {
  image: "registry/hello@sha256:abc",
  mode: { replicas: 2 },
  limits: { cpus: 0.5, memoryMiB: 32 },
  reservations: { cpus: 0.05, memoryMiB: 8 },
  health: { command: ["true"] },
  update: { order: "start-first" },
} as const satisfies FarmServiceSpec;

test("values that are left out have the farm's default, and values that services of existing farms lack are left out", () => {
  expect(providerArgs(least)).toEqual({
    taskSpec: {
      containerSpec: {
        image: "registry/hello@sha256:abc",
        readOnly: true,
        stopGracePeriod: "30s",
        healthcheck: { tests: ["CMD", "true"], interval: "1m", timeout: "30s", retries: 3, startPeriod: "1m" },
      },
      resources: {
        limits: { nanoCpus: 500_000_000, memoryBytes: 33_554_432 },
        reservation: { nanoCpus: 50_000_000, memoryBytes: 8_388_608 },
      },
      restartPolicy: { condition: "any", delay: "2s", window: "0s" },
      networksAdvanceds: [],
      logDriver: { name: "json-file", options: { "max-size": "10m", "max-file": "3", tag: "{{.Name}}" } },
    },
    mode: { replicated: { replicas: 2 } },
    endpointSpec: { mode: "vip" },
    updateConfig: { order: "start-first", parallelism: 1, delay: "0s", failureAction: "rollback", monitor: "10s" },
    rollbackConfig: { order: "start-first", parallelism: 1, failureAction: "pause" },
  });
});

/** Spec of a container with some more settings. */
function containerOf(changes: object) {
  return providerArgs({ ...least, ...changes }).taskSpec;
}

test("a service is replicated or global", () => {
  expect(providerArgs({ ...least, mode: { replicas: 0 } }).mode).toEqual({ replicated: { replicas: 0 } });
  expect(providerArgs({ ...least, mode: "global" }).mode).toEqual({ global: true });
});

test.each([
  ["ingress", 8090],
  ["host", 443],
] as const)("a port of mode %s is published as such", (mode, published) => {
  expect(providerArgs({ ...least, ports: [{ target: 8080, published, mode }] }).endpointSpec).toEqual({
    mode: "vip",
    ports: [{ protocol: "tcp", publishMode: mode, publishedPort: published, targetPort: 8080 }],
  });
});

test("placement has its constraints, and no limit of tasks per node by default", () => {
  const constraints = ["node.role == worker", "node.labels.disk != hdd"] as const;
  expect(containerOf({ placement: { constraints } })).toMatchObject({ placement: { constraints, maxReplicas: 0 } });
  expect(containerOf({ placement: { constraints: [], maxReplicasPerNode: 2 } })).toMatchObject({
    placement: { constraints: [], maxReplicas: 2 },
  });
});

test("mounts are tmpfs, volumes or bind mounts", () => {
  const spec = providerArgs({
    ...least,
    placement: { constraints: ["node.labels.db == true"] },
    mounts: [
      { type: "tmpfs", target: "/tmp" },
      { type: "volume", source: "mysql", target: "/var/lib/mysql" },
      { type: "bind", source: "/run/docker.sock", target: "/docker.sock" },
    ],
  });
  expect(spec).toMatchObject({
    taskSpec: {
      containerSpec: {
        mounts: [
          { type: "tmpfs", target: "/tmp" },
          { type: "volume", target: "/var/lib/mysql", source: "mysql" },
          { type: "bind", target: "/docker.sock", source: "/run/docker.sock" },
        ],
      },
    },
  });
});

test("a secret is readable by one user, a config by all", () => {
  expect(
    containerOf({
      secrets: [{ target: "mysql-password", uid: 33, secret: { id: "s1", name: "password-1" } }],
      configs: [{ target: "/etc/nginx/nginx.conf", config: { id: "c1", name: "nginx-1" } }],
    }),
  ).toMatchObject({
    containerSpec: {
      secrets: [
        {
          secretId: "s1",
          secretName: "password-1",
          fileName: "mysql-password",
          fileUid: "33",
          fileGid: "0",
          fileMode: 0o400,
        },
      ],
      configs: [
        {
          configId: "c1",
          configName: "nginx-1",
          fileName: "/etc/nginx/nginx.conf",
          fileUid: "0",
          fileGid: "0",
          fileMode: 0o444,
        },
      ],
    },
  });
});

test("a network is referenced by its id, with the aliases of the task", () => {
  expect(containerOf({ networks: [{ id: "n1", aliases: ["php"] }, { id: "n2" }] })).toMatchObject({
    networksAdvanceds: [{ id: "n1", aliases: ["php"] }, { id: "n2" }],
  });
});

test("passes arguments, the variable, user, groups and a writable root", () => {
  expect(
    containerOf({
      args: ["-f", "/cfg"],
      env: { WHERE: "{{.Node.Hostname}}" },
      user: "33:33",
      groups: ["998"],
      readOnly: false,
      stopGraceSeconds: 60,
    }),
  ).toMatchObject({
    containerSpec: {
      args: ["-f", "/cfg"],
      env: { WHERE: "{{.Node.Hostname}}" },
      user: "33:33",
      groups: ["998"],
      readOnly: false,
      stopGracePeriod: "1m",
    },
  });
});

test("passes health check, update and restart settings", () => {
  expect(
    providerArgs({
      ...least,
      restart: { delaySeconds: 5 },
      health: { command: ["ping", "-c1"], intervalSeconds: 5, timeoutSeconds: 3, retries: 1, startSeconds: 180 },
      update: { order: "stop-first", parallelism: 2, delaySeconds: 90, failureAction: "pause", monitorSeconds: 15 },
    }),
  ).toMatchObject({
    taskSpec: {
      restartPolicy: { delay: "5s" },
      containerSpec: {
        healthcheck: { tests: ["CMD", "ping", "-c1"], interval: "5s", timeout: "3s", retries: 1, startPeriod: "3m" },
      },
    },
    updateConfig: { order: "stop-first", parallelism: 2, delay: "1m30s", failureAction: "pause", monitor: "15s" },
    // Going back is never undone: that would go on forever.
    rollbackConfig: { order: "stop-first", parallelism: 2, failureAction: "pause" },
  });
});

test("a health check and limits cannot be left out, nor the nodes where data lies", () => {
  const volume = { type: "volume", source: "data", target: "/data" } as const;
  const tied: FarmServiceSpec = {
    ...least,
    mounts: [volume],
    placement: { constraints: ["node.hostname == worker1"] },
  };
  // @ts-expect-error: a volume without a placement would be empty wherever the task comes to run next.
  const homeless: FarmServiceSpec = { ...least, mounts: [volume] };
  // @ts-expect-error: a placement without a constraint says nothing either.
  const anywhere: FarmServiceSpec = { ...least, mounts: [volume], placement: { constraints: [] } };
  // @ts-expect-error: a socket or file of a node is there on that node alone.
  const bound: FarmServiceSpec = { ...least, mounts: [{ type: "bind", source: "/a", target: "/a" }] };
  const { health: _, ...noHealth } = least;
  // @ts-expect-error: Swarm sends requests to a task that has no check as soon as it is started.
  const unchecked: FarmServiceSpec = noHealth;
  const { limits: __, ...noLimits } = least;
  // @ts-expect-error: one task without a limit takes the memory of a node.
  const unlimited: FarmServiceSpec = noLimits;
  expect([tied, homeless, anywhere, bound, unchecked, unlimited]).toHaveLength(6);
});
