import fc from "fast-check";
import { capabilities } from "../../infra/service/spec/capabilities";
import { ulimitNames } from "../../infra/service/spec/ulimits";
import type { ServiceSpec } from "../../infra/service/spec/service-spec";

const text = fc.string({ maxLength: 12 });
const word = fc.stringMatching(/^[a-z][a-z0-9]{0,8}$/);
const path = word.map((name) => `/${name}`);
const texts = fc.dictionary(word, text, { maxKeys: 5 });
const list = fc.array(text, { minLength: 1, maxLength: 4 });
const time = fc.oneof(fc.nat(100_000), fc.double({ min: 0.001, max: 1000, noNaN: true }));
const count = fc.nat(20);
const port = fc.integer({ min: 1, max: 65_000 });
const permissions = fc.nat(0o7777);
const referred = fc.record({ id: word, name: word });
const owner = { uid: count, gid: count, mode: permissions };

/** Every key but these may be left out. */
function some<T>(of: { [K in keyof T]: fc.Arbitrary<T[K]> }, ...required: (keyof T)[]) {
  return fc.record(of, { requiredKeys: required });
}

const timing = {
  intervalSeconds: time,
  timeoutSeconds: time,
  startSeconds: time,
  startIntervalSeconds: time,
  retries: count,
};
const health = fc.oneof(
  fc.constant("none"),
  some(timing),
  some({ command: list, ...timing }, "command"),
  some({ shell: text, ...timing }, "shell"),
);
const mount = fc.oneof(
  some(
    { type: fc.constant("tmpfs"), target: path, sizeMiB: fc.integer({ min: 1 }), mode: permissions },
    "type",
    "target",
  ),
  some(
    { type: fc.constant("bind"), target: path, source: path, propagation: fc.constant("rslave") },
    "type",
    "target",
    "source",
  ),
  some(
    {
      type: fc.constant("volume"),
      target: path,
      source: word,
      noCopy: fc.boolean(),
      driver: some({ name: word, options: texts }),
      labels: texts,
    },
    "type",
    "target",
  ),
);
const rollout = {
  order: fc.constantFrom("start-first", "stop-first"),
  parallelism: count,
  delaySeconds: time,
  monitorSeconds: time,
  maxFailureRatio: fc.nat(10).map((tenth) => tenth / 10),
  failureAction: fc.constantFrom("pause", "continue"),
};
const amounts = { cpus: fc.double({ min: 0.001, max: 64, noNaN: true }), memoryMiB: fc.integer({ min: 4, max: 1e6 }) };
const capability = fc.uniqueArray(fc.constantFrom(...capabilities, "ALL"), { maxLength: 4 });

const everything = {
  image: word,
  entrypoint: list,
  args: list,
  env: texts,
  containerLabels: texts,
  labels: texts,
  hostname: word,
  user: word,
  groups: list,
  workingDir: path,
  capabilities: some({ add: capability, drop: capability }),
  init: fc.boolean(),
  sysctls: texts,
  hosts: fc.array(fc.record({ name: word, address: word }), { maxLength: 3 }),
  dns: some({ nameservers: list, search: list, options: list }),
  readOnly: fc.boolean(),
  mounts: fc.uniqueArray(mount, { maxLength: 4, selector: ({ target }) => target }),
  configs: fc.uniqueArray(some({ config: referred, target: path, ...owner }, "config", "target"), {
    maxLength: 3,
    selector: ({ target }) => target,
  }),
  secrets: fc.uniqueArray(some({ secret: referred, target: word, ...owner }, "secret", "target"), {
    maxLength: 3,
    selector: ({ target }) => target,
  }),
  health,
  stopSignal: fc.constantFrom("SIGTERM", "SIGQUIT"),
  stopGraceSeconds: time,
  seLinux: fc.oneof(fc.record({ disable: fc.constant(true) }), fc.record({ level: word, user: word })),
  tty: fc.boolean(),
  stdinOpen: fc.boolean(),
  ulimits: fc.dictionary(
    fc.constantFrom(...ulimitNames),
    fc.oneof(
      count,
      count.map((soft) => ({ soft, hard: -1 })),
    ),
  ),
  isolation: fc.constant("default"),
  limits: some({ ...amounts, pids: fc.integer({ min: 1 }) }),
  reservations: some({ ...amounts, generic: fc.dictionary(word, fc.oneof(count, list), { maxKeys: 3 }) }),
  networks: fc.array(some({ id: word, aliases: list, driverOptions: texts }, "id"), { maxLength: 3 }),
  placement: some({
    constraints: fc.array(
      word.map((value) => `node.labels.${value} == ${value}`),
      { maxLength: 3 },
    ),
    spread: word.map((label) => `node.labels.${label}`),
    maxReplicasPerNode: count,
    platforms: fc.array(fc.record({ os: word, architecture: word }), { maxLength: 2 }),
  }),
  update: some(rollout),
  rollback: some(rollout),
  logging: some({ driver: word }, "driver"),
  forceUpdate: count,
  mode: fc.oneof(fc.constant("global"), fc.record({ replicas: count })),
  restart: some({
    condition: fc.constantFrom("any", "on-failure", "none"),
    delaySeconds: time,
    maxAttempts: count,
    windowSeconds: time,
  }),
  ports: fc.array(
    some(
      {
        target: port,
        published: port,
        protocol: fc.constantFrom("tcp", "udp", "sctp"),
        mode: fc.constant("host"),
        count: fc.integer({ min: 1, max: 5 }),
      },
      "target",
      "mode",
    ),
    { maxLength: 4 },
  ),
  endpointMode: fc.constantFrom("vip", "dnsrr"),
};

/** Any service of this vocabulary, of which an image is the only thing that must be said. */
export const serviceSpec = some(everything, "image") as unknown as fc.Arbitrary<ServiceSpec>;

/** The same with the keys of every map the other way round. */
export function shuffled<T>(value: T): T {
  if (Array.isArray(value)) return value.map(shuffled) as T;
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([key, each]) => [key, shuffled(each as unknown)]),
  ) as T;
}
