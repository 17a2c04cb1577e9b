import fc from "fast-check";
import { serviceProblems } from "../../../infra/service/check";
import { dockerSpec } from "../../../infra/service/docker-spec";
import type { ServiceSpec } from "../../../infra/service/types";
import { refusedBy } from "../../support/provider-schema";
import { serviceSpec, shuffled } from "../../support/service-specs";

/** What Docker would do with an image alone, in the provider's words. */
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

test("what the provider keeps where it is left out is left out on request alone", () => {
  const { taskSpec } = dockerSpec({ image: "nginx:1.29" }, { unset: "keep" });
  const { placement: _, ...task } = onlyAnImage.taskSpec;
  const { init: __, healthcheck: ___, dnsConfig: ____, ...containerSpec } = task.containerSpec;
  expect(taskSpec).toEqual({ ...task, containerSpec });
});

/** The task, or a part of the service, of an image with these settings. */
const task = (spec: Partial<ServiceSpec>) => dockerSpec({ image: "a", ...spec } as ServiceSpec).taskSpec;

test.each<[string, Partial<ServiceSpec>, object]>([
  ["variables, sorted", { env: { B: "2", A: "1" } }, { env: { A: "1", B: "2" } }],
  [
    "an entrypoint and arguments",
    { entrypoint: ["sh", "-c"], args: ["true"] },
    { commands: ["sh", "-c"], args: ["true"] },
  ],
  [
    "container labels",
    { containerLabels: { b: "2", a: "1" } },
    {
      labels: [
        { label: "a", value: "1" },
        { label: "b", value: "2" },
      ],
    },
  ],
  ["a hostname", { hostname: "{{.Node.Hostname}}" }, { hostname: "{{.Node.Hostname}}" }],
  [
    "user, groups, working directory",
    { user: "33:33", groups: ["998"], workingDir: "/srv" },
    { user: "33:33", groups: ["998"], dir: "/srv" },
  ],
  [
    "capabilities as Docker's client sends them",
    { capabilities: { add: ["SYS_NICE", "NET_ADMIN"], drop: ["ALL", "CHOWN"] } },
    { capAdds: ["CAP_NET_ADMIN", "CAP_SYS_NICE"], capDrops: ["ALL"] },
  ],
  [
    "a capability in both lists is not dropped",
    { capabilities: { add: ["KILL"], drop: ["KILL", "BPF"] } },
    { capAdds: ["CAP_KILL"], capDrops: ["CAP_BPF"] },
  ],
  ["init", { init: true }, { init: true }],
  ["sysctls", { sysctls: { "net.core.somaxconn": "1024" } }, { sysctl: { "net.core.somaxconn": "1024" } }],
  [
    "hosts, one name with two addresses",
    {
      hosts: [
        { name: "db", address: "10.0.0.1" },
        { name: "db", address: "fd00::1" },
      ],
    },
    {
      hosts: [
        { host: "db", ip: "10.0.0.1" },
        { host: "db", ip: "fd00::1" },
      ],
    },
  ],
  [
    "search domains alone",
    { dns: { search: ["example.com"] } },
    { dnsConfig: { nameservers: [], searches: ["example.com"] } },
  ],
  [
    "a stop signal and half a second",
    { stopSignal: "SIGQUIT", stopGraceSeconds: 0.5 },
    { stopSignal: "SIGQUIT", stopGracePeriod: "500ms" },
  ],
  ["SELinux", { seLinux: { disable: true } }, { privileges: { seLinuxContext: { disable: true } } }],
  [
    "a check by the shell",
    { health: { shell: "exit 0", retries: 1 } },
    { healthcheck: { tests: ["CMD-SHELL", "exit 0"], interval: "0s", timeout: "0s", retries: 1, startPeriod: "0s" } },
  ],
  [
    "the image's check at other times",
    { health: { intervalSeconds: 90 } },
    { healthcheck: { interval: "1m30s", timeout: "0s", retries: 0, startPeriod: "0s" } },
  ],
  [
    "no check, whatever the image says",
    { health: "none" },
    { healthcheck: { tests: ["NONE"], interval: "0s", timeout: "0s", retries: 0, startPeriod: "0s" } },
  ],
  [
    "a volume by a driver",
    {
      mounts: [
        {
          type: "volume",
          source: "nfs",
          target: "/data",
          readOnly: true,
          noCopy: true,
          driver: { name: "local", options: { type: "nfs", o: "ro" } },
          labels: { team: "a" },
        },
      ],
    },
    {
      mounts: [
        {
          type: "volume",
          source: "nfs",
          target: "/data",
          readOnly: true,
          volumeOptions: {
            noCopy: true,
            driverName: "local",
            driverOptions: { o: "ro", type: "nfs" },
            labels: [{ label: "team", value: "a" }],
          },
        },
      ],
    },
  ],
  [
    "an anonymous volume, without a block that would end the provider",
    { mounts: [{ type: "volume", target: "/data" }] },
    { mounts: [{ type: "volume", target: "/data" }] },
  ],
  [
    "a bind",
    { mounts: [{ type: "bind", source: "/a", target: "/b", propagation: "rslave" }] },
    { mounts: [{ type: "bind", source: "/a", target: "/b", bindOptions: { propagation: "rslave" } }] },
  ],
  [
    "memory",
    { mounts: [{ type: "tmpfs", target: "/tmp", sizeMiB: 64, mode: 0o700 }] },
    { mounts: [{ type: "tmpfs", target: "/tmp", tmpfsOptions: { sizeBytes: 67_108_864, mode: 0o700 } }] },
  ],
  [
    "a config for all",
    { configs: [{ config: { id: "c", name: "n" }, target: "/etc/x" }] },
    { configs: [{ configId: "c", configName: "n", fileName: "/etc/x", fileUid: "0", fileGid: "0", fileMode: 0o444 }] },
  ],
  [
    "a secret with owner and mode",
    { secrets: [{ secret: { id: "s", name: "n" }, target: "key", uid: 33, gid: 34, mode: 0o440 }] },
    { secrets: [{ secretId: "s", secretName: "n", fileName: "key", fileUid: "33", fileGid: "34", fileMode: 0o440 }] },
  ],
])("a container has %s", (_, spec, expected) => {
  expect(task(spec)).toMatchObject({ containerSpec: expected });
});

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
  expect(dockerSpec({ image: "a", ...spec } as ServiceSpec)).toMatchObject(expected);
});

test("what excludes each other cannot be written", () => {
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

describe("any service", () => {
  test("that has no problem is one that the provider's schema accepts", () => {
    fc.assert(
      fc.property(serviceSpec, (spec) => {
        fc.pre(serviceProblems("web", spec).length === 0);
        expect(refusedBy({ name: "web", ...dockerSpec(spec) })).toEqual([]);
      }),
    );
  });

  test("is the same bytes twice, in whatever order its maps were written", () => {
    fc.assert(
      fc.property(serviceSpec, (spec) => {
        expect(JSON.stringify(dockerSpec(shuffled(spec)))).toBe(JSON.stringify(dockerSpec(spec)));
      }),
    );
  });

  test("hands no empty block to the provider, which would end it", () => {
    fc.assert(
      fc.property(serviceSpec, (spec) => {
        const { taskSpec } = dockerSpec(spec);
        // These two the provider looks at before it reads them.
        expect(emptyBlocks(taskSpec).filter((path) => path !== ".resources")).toEqual([]);
      }),
    );
  });
});

/** Paths of objects that say nothing. */
function emptyBlocks(value: unknown, path = ""): string[] {
  if (typeof value !== "object" || value === null) return [];
  const said = Object.entries(value).filter(([, each]) => each !== undefined);
  const below = said.flatMap(([key, each]) => emptyBlocks(each, `${path}.${key}`));
  return !Array.isArray(value) && said.length === 0 ? [path, ...below] : below;
}
