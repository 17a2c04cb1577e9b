import { serviceProblems, ServiceError } from "../../../infra/service/check";
import type { ServiceSpec } from "../../../infra/service/spec/service-spec";

const referred = { id: "i", name: "n" };

test("an image and a name have no problem", () => {
  expect(serviceProblems("web", { image: "nginx" })).toEqual([]);
});

test.each<[path: string, value: string, spec: Partial<ServiceSpec>]>([
  ["image", "a b", { image: "a b" }],
  ["env", "A=B", { env: { "A=B": "c" } }],
  ["labels", "swarm-farm.made-by", { labels: { "swarm-farm.made-by": "me" } }],
  ["ports[0].target", "70000", { ports: [{ target: 70_000 }] }],
  ["ports[0].published", "65535", { ports: [{ target: 80, published: 65_535, count: 2 }] }],
  ["ports[0].count", "0", { ports: [{ target: 80, count: 0 }] }],
  [
    "ports",
    "8081/tcp",
    {
      ports: [
        { target: 80, published: 8080, count: 2 },
        { target: 81, published: 8081 },
      ],
    },
  ],
  ["mode.replicas", "1.5", { mode: { replicas: 1.5 } }],
  ["placement.maxReplicasPerNode", "1", { mode: "global", placement: { maxReplicasPerNode: 1 } }],
  [
    "placement.constraints[0]",
    "node.role=manager",
    { placement: { constraints: ["node.role=manager" as "node.role == a"] } },
  ],
  ["limits.cpus", "0", { limits: { cpus: 0 } }],
  ["limits.pids", "0", { limits: { pids: 0 } }],
  ["limits.pids", "9007199254740992", { limits: { pids: 2 ** 53 } }],
  ["ulimits", "files", { ulimits: { files: 1 } }],
  ["ulimits.memlock", "9223372036854776000", { ulimits: { memlock: 2 ** 63 } }],
  ["ulimits.core", "-2", { ulimits: { core: -2 } }],
  ["ulimits.nofile.soft", "20", { ulimits: { nofile: { soft: 20, hard: 10 } } }],
  ["ulimits.nofile.soft", "-1", { ulimits: { nofile: { soft: -1, hard: 10 } } }],
  ["ulimits.nofile.hard", "1.5", { ulimits: { nofile: { soft: 1, hard: 1.5 } } }],
  ["reservations.memoryMiB", "1", { reservations: { memoryMiB: 1 } }],
  ["update.maxFailureRatio", "0.25", { update: { maxFailureRatio: 0.25 } }],
  ["rollback.parallelism", "-1", { rollback: { parallelism: -1 } }],
  ["restart.delaySeconds", "-5", { restart: { delaySeconds: -5 } }],
  ["mounts[0].target", "data", { mounts: [{ type: "tmpfs", target: "data" }] }],
  ["mounts[0].source", "./a", { mounts: [{ type: "bind", source: "./a", target: "/a" }] }],
  [
    "mounts",
    "/a",
    {
      mounts: [
        { type: "tmpfs", target: "/a" },
        { type: "volume", target: "/a" },
      ],
    },
  ],
  ["configs[0].mode", "0o10000", { configs: [{ config: referred, target: "/a", mode: 0o10000 }] }],
  ["secrets[0].uid", "-1", { secrets: [{ secret: referred, target: "a", uid: -1 }] }],
  ["health.command", "[]", { health: { command: [] } }],
  ["health.intervalSeconds", "0.0001", { health: { intervalSeconds: 0.0001 } }],
  ["health.startIntervalSeconds", "0.0001", { health: { startIntervalSeconds: 0.0001 } }],
  ["stopGraceSeconds", "-1", { stopGraceSeconds: -1 }],
])("%s '%s' is the one problem, with what is allowed", (path, value, spec) => {
  const problems = serviceProblems("web", { image: "nginx", ...spec });
  expect(problems).toEqual([{ path, message: expect.stringMatching(/^is '.*'; allowed: ./) }]);
  expect(problems[0]?.message).toContain(`'${value}'`);
});

test("-1 is no limit, hard or both", () => {
  const ulimits = { core: -1, nofile: { soft: 1024, hard: -1 } };
  expect(serviceProblems("web", { image: "nginx", ulimits, limits: { pids: 1 } })).toEqual([]);
});

test.each(["", "-web", "web.1", "a".repeat(64)])("'%s' is no name of a service", (name) => {
  expect(serviceProblems(name, { image: "nginx" }).map(({ path }) => path)).toEqual(["service"]);
});

test("reports all problems at once, each with the service's name", () => {
  const spec: ServiceSpec = { image: "", limits: { cpus: 0 } };
  expect(new ServiceError("web", serviceProblems("web", spec)).message).toBe(
    "service 'web': image is ''; allowed: an image's name\nservice 'web': limits.cpus is '0'; allowed: at least 0.001",
  );
});
