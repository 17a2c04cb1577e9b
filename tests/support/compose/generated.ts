import * as fc from "fast-check";

/** YAML's flow style has JSON's texts, so that a service of plain data is a service of a file. */
export type GeneratedService = Readonly<Record<string, unknown>>;

const word = fc.stringMatching(/^[a-z][a-z0-9]{0,6}$/);
const path = word.map((name) => `/${name}`);
const count = fc.integer({ min: 0, max: 20 });
const port = fc.integer({ min: 1, max: 65535 });
const time = fc
  .tuple(fc.integer({ min: 0, max: 59 }), fc.constantFrom("ms", "s", "m", "h", "m30s", "h1m1s"))
  .map(([n, unit]) => `${n}${unit}`);
const size = fc
  .tuple(fc.integer({ min: 1, max: 4000 }), fc.constantFrom("", "b", "k", "K", "kb", "M", "mib", "G", " gb"))
  .map(([n, unit]) => `${n}${unit}`);
const cpus = fc.integer({ min: 1, max: 8000 }).map((n) => String(n / 1000));
/** Texts with what YAML, interpolation and shells treat in their own way; a dollar sign is written twice. */
const text = fc
  .array(fc.constantFrom("a", "b", " ", "1", "0", ".", ":", "#", "'", '"', "\\", "-", "{", "}", "$$", "é", "="), {
    maxLength: 8,
  })
  .map((letters) => letters.join(""));
const scalar = fc.oneof(
  text,
  fc.integer(),
  fc.constant(null),
  fc.double({ min: -1e9, max: 1e9, noNaN: true }).filter((n) => !Object.is(n, -0)),
);
const mapping = fc.oneof(
  fc.dictionary(word, scalar, { maxKeys: 12 }),
  fc.uniqueArray(
    fc.tuple(word, text).map(([name, value]) => `${name}=${value}`),
    { maxLength: 4 },
  ),
  fc.uniqueArray(word, { maxLength: 3 }),
);
/** Words that a shell reads: quotes are closed. */
const command = fc.oneof(
  fc.array(text, { maxLength: 4 }),
  fc
    .array(fc.constantFrom("a", "'b c'", '"d \\" e"', "f\\ g", "# h", "i#j", "''"), { maxLength: 5 })
    .map((words) => words.join(" ")),
);
const ports = fc.oneof(
  port,
  port.map(String),
  fc.tuple(port, port, fc.constantFrom("", "/tcp", "/udp", "/SCTP")).map(([a, b, protocol]) => `${a}:${b}${protocol}`),
  fc
    .tuple(fc.integer({ min: 1, max: 65000 }), fc.integer({ min: 1, max: 65000 }), fc.integer({ min: 0, max: 12 }))
    .map(([a, b, width]) => `${a}-${a + width}:${b}-${b + width}`),
  fc.record(
    {
      target: port,
      published: port,
      protocol: fc.constantFrom("tcp", "udp"),
      mode: fc.constantFrom("host", "ingress"),
    },
    { requiredKeys: ["target"] },
  ),
);
const volumes = fc.oneof(
  path,
  fc
    .oneof(
      fc.tuple(fc.constantFrom("data", "logs"), path, fc.constantFrom("", ":ro", ":rw", ":nocopy", ":ro,nocopy", ":z")),
      fc.tuple(
        fc.constantFrom("/srv", "/var/run/x.sock"),
        path,
        fc.constantFrom("", ":ro", ":rw,ro", ":ro,rslave", ":z"),
      ),
    )
    .map(([source, target, options]) => `${source}:${target}${options}`),
  fc.record(
    {
      type: fc.constant("volume"),
      source: fc.constantFrom("data", "logs"),
      target: path,
      read_only: fc.boolean(),
      volume: fc.record({ nocopy: fc.boolean() }),
    },
    { requiredKeys: ["type", "target"] },
  ),
  fc.record(
    {
      type: fc.constant("bind"),
      source: path,
      target: path,
      bind: fc.record({ propagation: fc.constantFrom("shared", "private") }),
    },
    { requiredKeys: ["type", "source", "target"] },
  ),
  fc.record(
    { type: fc.constant("tmpfs"), target: path, tmpfs: fc.record({ size: count }) },
    { requiredKeys: ["type", "target"] },
  ),
);
const fileUse = (names: readonly string[]) =>
  fc.oneof(
    fc.constantFrom(...names),
    fc
      .record(
        {
          source: fc.constantFrom(...names),
          target: path,
          uid: count.map(String),
          gid: count.map(String),
          mode: fc.integer({ min: 0, max: 511 }),
        },
        { requiredKeys: ["source"] },
      )
      // Docker refuses two files at one path.
      .map((use) => (use.target === undefined ? use : { ...use, target: `/${use.source}${use.target}` })),
  );
const policy = fc.record(
  {
    parallelism: count,
    delay: time,
    failure_action: fc.constantFrom("pause", "continue", "rollback"),
    monitor: time,
    max_failure_ratio: fc.constantFrom(0, 0.5, 0.25),
    order: fc.constantFrom("start-first", "stop-first"),
  },
  { requiredKeys: [] },
);
const limits = { cpus, memory: size };
const generic = fc.constant([{ discrete_resource_spec: { kind: "gpu", value: 2 } }]);
const deploy = fc
  .record(
    {
      mode: fc.constantFrom("replicated", "global"),
      replicas: count,
      labels: mapping,
      endpoint_mode: fc.constantFrom("vip", "dnsrr"),
      restart_policy: fc.record(
        { condition: fc.constantFrom("any", "none", "on-failure"), delay: time, max_attempts: count, window: time },
        { requiredKeys: [] },
      ),
      update_config: policy,
      rollback_config: policy,
      resources: fc.record(
        {
          limits: fc.record({ ...limits, pids: count }, { requiredKeys: [] }),
          reservations: fc.record({ ...limits, generic_resources: generic }, { requiredKeys: [] }),
        },
        { requiredKeys: [] },
      ),
      placement: fc.record(
        {
          constraints: fc.array(fc.constantFrom("node.role == manager", "node.labels.a==b", "node.id != x"), {
            maxLength: 3,
          }),
          preferences: fc.array(fc.record({ spread: fc.constantFrom("node.labels.a", "node.labels.b") }), {
            maxLength: 2,
          }),
          max_replicas_per_node: count,
        },
        { requiredKeys: [] },
      ),
    },
    { requiredKeys: [] },
  )
  .map(({ replicas, ...rest }) => (rest.mode === "global" || replicas === undefined ? rest : { ...rest, replicas }));

/** A service that docker takes, with any of the keys that it honours. */
export const generatedService: fc.Arbitrary<GeneratedService> = fc.record(
  {
    image: fc.constantFrom("nginx", "nginx:1.29", "registry.example:5000/team/web:1", "web@sha256:" + "a".repeat(64)),
    command,
    entrypoint: command,
    environment: mapping,
    labels: mapping,
    hostname: fc.constantFrom("web", "{{.Node.Hostname}}-{{.Task.Slot}}"),
    user: fc.constantFrom("root", "1000:1000"),
    working_dir: path,
    cap_add: fc.uniqueArray(fc.constantFrom("ALL", "NET_ADMIN", "net_raw", "CAP_CHOWN"), { maxLength: 3 }),
    cap_drop: fc.uniqueArray(fc.constantFrom("all", "NET_ADMIN", "KILL"), { maxLength: 3 }),
    init: fc.boolean(),
    read_only: fc.boolean(),
    tty: fc.boolean(),
    stdin_open: fc.boolean(),
    sysctls: mapping,
    ulimits: fc.dictionary(fc.constantFrom("nofile", "nproc"), fc.integer({ min: 1, max: 9999 })),
    extra_hosts: fc.uniqueArray(
      fc.tuple(word, fc.constantFrom(":10.0.0.1", "=10.0.0.2", ":[::1]")).map((pair) => pair.join("")),
      { maxLength: 3 },
    ),
    dns: fc.oneof(fc.constant("1.1.1.1"), fc.constant(["1.1.1.1", "8.8.8.8"])),
    dns_search: fc.constant(["a.example"]),
    stop_signal: fc.constantFrom("SIGTERM", "SIGQUIT"),
    stop_grace_period: time,
    healthcheck: fc.record(
      {
        test: fc.oneof(text, fc.constant(["CMD", "true"])),
        interval: time,
        timeout: time,
        retries: count,
        start_period: time,
        start_interval: time,
      },
      { requiredKeys: [] },
    ),
    logging: fc.record(
      {
        driver: fc.constantFrom("json-file", "syslog"),
        options: fc.dictionary(word, fc.oneof(text, count), { maxKeys: 3 }),
      },
      { requiredKeys: [] },
    ),
    restart: fc.constantFrom("always", "unless-stopped", "on-failure", "on-failure:5"),
    ports: fc.uniqueArray(ports, { minLength: 1, maxLength: 3, selector: (each) => JSON.stringify(each) }),
    networks: fc.oneof(
      fc.uniqueArray(fc.constantFrom("front", "back", "default"), { maxLength: 3 }),
      fc.dictionary(
        fc.constantFrom("front", "back"),
        fc.oneof(
          fc.constant(null),
          fc.record(
            { aliases: fc.uniqueArray(word, { maxLength: 2 }), driver_opts: fc.dictionary(word, count) },
            { requiredKeys: [] },
          ),
        ),
      ),
    ),
    volumes: fc.array(volumes, { minLength: 1, maxLength: 3 }),
    configs: fc.uniqueArray(fileUse(["one", "two"]), {
      minLength: 1,
      maxLength: 2,
      selector: (use) => (typeof use === "string" ? use : use.source),
    }),
    secrets: fc.uniqueArray(fileUse(["three", "four"]), {
      minLength: 1,
      maxLength: 2,
      selector: (use) => (typeof use === "string" ? use : use.source),
    }),
    deploy,
  },
  { requiredKeys: ["image"] },
);

/** Settings that the services of a generated file share. */
export const shared = {
  networks: { front: {}, back: { internal: true } },
  volumes: { data: { driver_opts: { type: "nfs", n: 1 } }, logs: { driver: "other", labels: { a: "b" } } },
  configs: { one: { file: "a.txt" }, two: { file: "a.txt", name: "fixed" } },
  secrets: { three: { file: "a.txt" }, four: { external: true } },
};
