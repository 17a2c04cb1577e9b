import { dump } from "js-yaml";
import { serviceNotes } from "../../cli/preview/services";
import type { Case } from "../support/compose/cases";
import { type Change, DockerPlugin, hasPlugin } from "../support/compose/plugin";
import { registered } from "../support/compose/provider";
import { type JsonObject, RecordingApi } from "../support/compose/recording-api";
import type { Registered } from "../support/mocks";
import { type Properties, step, urnOf } from "../support/preview";

/** A service with every part that is changed here, and ten variables, of which a random order is seldom the same twice. */
const web = {
  image: "nginx:1.29",
  environment: Object.fromEntries("ABCDEFGHIJ".split("").map((name) => [name, name.toLowerCase()])),
  ports: ["8080:80"],
  labels: { a: "a" },
  networks: { default: { aliases: ["www"] } },
  extra_hosts: ["a:10.0.0.1"],
  volumes: ["data:/data"],
};
const deploy = { replicas: 2, labels: { b: "b" }, update_config: { order: "stop-first" } };

/** Changes that leave the tasks alone. */
const quiet: Readonly<Record<string, Case>> = {
  "the number of replicas": fileWith({ deploy: { ...deploy, replicas: 3 } }),
  "labels of the service": fileWith({ deploy: { ...deploy, labels: { b: "c" } } }),
  ports: fileWith({ ports: ["8081:80", "8082:81/udp"] }),
  "the update policy": fileWith({ deploy: { ...deploy, update_config: { order: "start-first", delay: "10s" } } }),
  "the rollback policy": fileWith({ deploy: { ...deploy, rollback_config: { parallelism: 0 } } }),
};

/** Changes that replace the service, and what the preview says of each. */
const replacing: Readonly<Record<string, readonly [Case, because: string]>> = {
  "an alias": [fileWith({ networks: { default: { aliases: ["site"] } } }), "networks or their aliases"],
  "a label of the container": [fileWith({ labels: { a: "b" } }), "container labels"],
  "a host": [fileWith({ extra_hosts: ["a:10.0.0.2"] }), "extra hosts"],
  "a sysctl": [fileWith({ sysctls: { "net.core.somaxconn": 2048 } }), "sysctls"],
  "a label of a volume": [fileWith({}, { data: { labels: { a: "b" } } }), "volume labels"],
};

function fileWith(change: object, volumes: object = { data: {} }): Case {
  return { files: { "compose.yaml": dump({ services: { web: { ...web, deploy, ...change } }, volumes }) } };
}

/** Parts of a task that only the built plugin sets. */
const extended = {
  tty: true,
  stdin_open: true,
  ulimits: { nofile: { soft: 10, hard: 20 } },
  healthcheck: { test: "true", start_interval: "3s" },
  deploy: { ...deploy, resources: { limits: { pids: 100 } } },
};

interface Compared {
  readonly before: JsonObject | undefined;
  readonly after: JsonObject | undefined;
  readonly change: Change;
  /** Text of a preview about a replacement. */
  readonly note: readonly string[];
}

const changes = new Map<string, Compared>();
let api: RecordingApi | undefined;
let plugin: DockerPlugin | undefined;

const withPlugin = hasPlugin ? test : test.skip;

beforeAll(async () => {
  if (!hasPlugin) return;
  jest.spyOn(console, "warn").mockImplementation(() => undefined);
  const started = await RecordingApi.start();
  api = started;
  const connected = await DockerPlugin.start(started.host);
  plugin = connected;
  const cases = Object.entries({
    ...quiet,
    ...Object.fromEntries(Object.entries(replacing).map(([n, [c]]) => [n, c])),
  });
  const pairs: [name: string, old: Registered, now: Registered][] = [];
  // The mocks are one at a time; the plugin waits seconds for each service, and is asked for all at once.
  for (const [at, [name, changed]] of cases.entries()) {
    const stack = `u${String(at)}`;
    pairs.push([name, await serviceOf(fileWith({}), stack), await serviceOf(changed, stack)]);
  }
  pairs.push(["added", await serviceOf(fileWith({}), "added"), await serviceOf(fileWith(extended), "added")]);
  pairs.push(["removed", await serviceOf(fileWith(extended), "removed"), await serviceOf(fileWith({}), "removed")]);
  pairs.push([
    "no sysctls",
    await serviceOf(fileWith({ sysctls: { "net.core.somaxconn": 2048 } }), "sysctls"),
    await serviceOf(fileWith({}), "sysctls"),
  ]);
  await Promise.all(
    pairs.map(async ([name, old, now]) => {
      const made = await connected.create(type, old.name, old.inputs);
      const before = started.made.services.get(made.id);
      const change = await connected.update(made, now.inputs, now.ignoreChanges);
      changes.set(name, { before, after: started.made.services.get(made.id), note: noteOf(old, now, change), change });
    }),
  );
}, 300_000);

afterAll(async () => {
  await plugin?.stop();
  await api?.stop();
});

const type = "docker:index/service:Service";

async function serviceOf(one: Case, stack: string): Promise<Registered> {
  const found = (await registered(one, stack)).find((each) => each.type === type);
  if (found === undefined) throw new Error(`'${stack}' has no service`);
  return found;
}

function noteOf({ inputs: before }: Registered, { inputs: after }: Registered, change: Change): readonly string[] {
  const state = { before: before as Properties, after: after as Properties };
  return serviceNotes([step("replace", urnOf(type, "web"), { ...state, ...change })], true, (text) => text);
}

withPlugin.each(Object.keys(quiet))("a change of %s restarts no task: the plugin sends the same task", (name) => {
  const { before, after, change } = changes.get(name) ?? {};
  expect(after).not.toEqual(before);
  // Swarm compares tasks byte by byte: the order of variables counts.
  expect(JSON.stringify(after?.TaskTemplate)).toBe(JSON.stringify(before?.TaskTemplate));
  expect(after?.TaskTemplate).toMatchObject({ ForceUpdate: 0, ContainerSpec: { Env: expect.any(Array) } });
  expect(change?.keys).toEqual([]);
});

withPlugin.each(Object.entries(replacing))(
  "the plugin replaces the service for %s, and the preview says so",
  (name, [, because]) => {
    expect(changes.get(name)?.note).toEqual([
      expect.stringMatching(`^service 'u\\d+_web' is deleted and created again because of its ${because}: `),
    ]);
  },
);

withPlugin("sysctls that were removed from the file are removed from the service, which is replaced", () => {
  expect(changes.get("no sysctls")?.note).toEqual([expect.stringContaining("because of its sysctls: ")]);
});

withPlugin("a terminal and limits of processes come and go in place", () => {
  const sent = {
    ContainerSpec: {
      TTY: true,
      OpenStdin: true,
      Ulimits: [{ Name: "nofile", Soft: 10, Hard: 20 }],
      Healthcheck: { StartInterval: 3_000_000_000 },
    },
    Resources: { Limits: { Pids: 100 } },
  };
  const [added, removed] = ["added", "removed"].map((name) => changes.get(name));
  expect(added?.after?.TaskTemplate).toMatchObject(sent);
  expect(removed?.before?.TaskTemplate).toMatchObject(sent);
  for (const plain of [added?.before, removed?.after])
    expect(JSON.stringify(plain)).not.toMatch(/TTY|OpenStdin|Ulimits|Pids|StartInterval/);
  expect([added?.change.keys, removed?.change.keys]).toEqual([[], []]);
});

withPlugin(
  "a refresh reads them as they were declared",
  async () => {
    const declared = await serviceOf(fileWith(extended), "refreshed");
    const made = await plugin?.create(type, declared.name, declared.inputs);
    if (plugin === undefined || made === undefined) throw new Error("no plugin");
    const found = await plugin.read(made);
    const changed = await plugin.changes(plugin.restored(made, found), declared.inputs, declared.ignoreChanges);
    expect(changed).toEqual({ keys: [], detailedDiff: {} });
  },
  60_000,
);
