import { dockerSpec } from "../../../infra/service/docker-spec";
import type { ServiceSpec } from "../../../infra/service/types";

/** The least that a service has to say. */
const least = {
  image: "registry/hello@sha256:abc",
  mode: { replicas: 2 },
  limits: { cpus: 0.5, memoryMiB: 32 },
  reservations: { cpus: 0.05, memoryMiB: 8 },
  health: { command: ["true"] },
  update: { order: "start-first" },
} as const satisfies ServiceSpec;

test("what is not said has its default, and nothing is left for the provider to choose", () => {
  expect(dockerSpec(least)).toEqual({
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
      logDriver: { name: "json-file", options: { "max-size": "10m", "max-file": "3" } },
    },
    mode: { replicated: { replicas: 2 } },
    endpointSpec: { mode: "vip" },
    updateConfig: { order: "start-first", parallelism: 1, delay: "0s", failureAction: "rollback", monitor: "10s" },
    rollbackConfig: { order: "start-first", parallelism: 1, failureAction: "pause" },
  });
});

/** What a container is made of, with some settings more. */
function containerOf(changes: Omit<Partial<ServiceSpec>, "mounts">) {
  return dockerSpec({ ...least, ...changes }).taskSpec;
}

test("a service runs as often as it is told, or on every node", () => {
  expect(dockerSpec({ ...least, mode: { replicas: 0 } }).mode).toEqual({ replicated: { replicas: 0 } });
  expect(dockerSpec({ ...least, mode: "global" }).mode).toEqual({ global: true });
});

test.each([
  ["ingress", 8090],
  ["host", 443],
] as const)("a port of mode %s is published as such", (mode, published) => {
  expect(dockerSpec({ ...least, ports: [{ target: 8080, published, mode }] }).endpointSpec).toEqual({
    mode: "vip",
    ports: [{ protocol: "tcp", publishMode: mode, publishedPort: published, targetPort: 8080 }],
  });
});

test("placement is its constraints, and any number of tasks on a node unless told otherwise", () => {
  const constraints = ["node.role == worker", "node.labels.disk != hdd"] as const;
  expect(containerOf({ placement: { constraints } })).toMatchObject({ placement: { constraints, maxReplicas: 0 } });
  expect(containerOf({ placement: { constraints: [], maxPerNode: 2 } })).toMatchObject({
    placement: { constraints: [], maxReplicas: 2 },
  });
});

test("mounts are memory, a volume, or what the node has", () => {
  const spec = dockerSpec({
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

test("a secret is for one user's eyes, a config for everyone's", () => {
  expect(
    containerOf({
      secrets: [{ file: "mysql-password", uid: 33, secret: { id: "s1", name: "password-1" } }],
      configs: [{ path: "/etc/nginx/nginx.conf", config: { id: "c1", name: "nginx-1" } }],
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

test("a network is used by its id, with the names that the task answers to", () => {
  expect(containerOf({ networks: [{ id: "n1", aliases: ["php"] }, { id: "n2" }] })).toMatchObject({
    networksAdvanceds: [{ id: "n1", aliases: ["php"] }, { id: "n2" }],
  });
});

test("arguments, the one variable, user, groups and a writable root are handed over", () => {
  expect(
    containerOf({
      args: ["-f", "/cfg"],
      env: ["WHERE", "{{.Node.Hostname}}"],
      user: "33:33",
      groups: ["998"],
      readOnly: false,
      stopSeconds: 60,
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

test("health, update and restart are as they are told", () => {
  expect(
    dockerSpec({
      ...least,
      restartDelaySeconds: 5,
      health: { command: ["ping", "-c1"], intervalSeconds: 5, timeoutSeconds: 3, retries: 1, startSeconds: 180 },
      update: { order: "stop-first", parallelism: 2, delaySeconds: 90, onFailure: "pause", monitorSeconds: 15 },
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

test("what ties a task to a node cannot be written without saying to which", () => {
  const volume = { type: "volume", source: "data", target: "/data" } as const;
  const tied: ServiceSpec = { ...least, mounts: [volume], placement: { constraints: ["node.hostname == worker1"] } };
  // @ts-expect-error: a volume without a placement would be empty wherever the task comes to run next.
  const homeless: ServiceSpec = { ...least, mounts: [volume] };
  // @ts-expect-error: a placement without a constraint says nothing either.
  const anywhere: ServiceSpec = { ...least, mounts: [volume], placement: { constraints: [] } };
  // @ts-expect-error: a socket or file of a node is there on that node alone.
  const bound: ServiceSpec = { ...least, mounts: [{ type: "bind", source: "/a", target: "/a" }] };
  expect([tied, homeless, anywhere, bound]).toHaveLength(4);
});

test("an image and a mode are enough: limits, reservations and an update that any service bears are the defaults", () => {
  const spec = dockerSpec({ image: "nginx:1.29", mode: "global" });
  expect(spec.taskSpec).toMatchObject({
    resources: {
      limits: { nanoCpus: 1_000_000_000, memoryBytes: 512 * 1024 ** 2 },
      reservation: { nanoCpus: 50_000_000, memoryBytes: 32 * 1024 ** 2 },
    },
  });
  expect([spec.updateConfig, spec.rollbackConfig]).toMatchObject([
    { order: "stop-first", parallelism: 1, failureAction: "rollback" },
    { order: "stop-first", failureAction: "pause" },
  ]);
  // The image's own HEALTHCHECK holds.
  expect(JSON.stringify(spec)).not.toContain("healthcheck");
});
