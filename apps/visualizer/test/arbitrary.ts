import fc from "fast-check";
import type { DockerEvent } from "../server/docker/events.ts";
import type { Input } from "../server/cluster-state.ts";
import type { Reading } from "../server/docker/reader.ts";
import type { Node, Service, Task } from "../shared/model.ts";

// Objects from JSON have the usual prototype.
function record<T>(
  model: { [K in keyof T]: fc.Arbitrary<T[K]> },
  options: { readonly requiredKeys?: (keyof T)[] } = {},
): fc.Arbitrary<T> {
  return fc.record<T>(model, { noNullPrototype: true, ...options });
}

// Few ids, so that inputs meet the same objects again and again.
const id = fc.constantFrom("a", "b", "c", "d");
const name = fc.oneof(fc.constantFrom("web", "api"), fc.string({ unit: "grapheme", maxLength: 12 }));

/** Any node. */
export const anyNode: fc.Arbitrary<Node> = record({
  id,
  name,
  role: fc.constantFrom("manager", "worker"),
  leader: fc.boolean(),
  reachability: fc.constantFrom("", "reachable", "unreachable"),
  availability: fc.constantFrom("active", "pause", "drain"),
  state: fc.constantFrom("ready", "down", "unknown"),
  message: name,
  address: fc.ipV4(),
  labels: fc.dictionary(name, name, { maxKeys: 2, noNullPrototype: true }),
  cpus: fc.nat(64),
  memoryBytes: fc.nat(),
  platform: fc.constant("linux/x86_64"),
  engine: fc.constant("27.3.1"),
});

/** Any service. */
export const anyService: fc.Arbitrary<Service> = record(
  {
    id,
    name,
    mode: fc.constantFrom("replicated", "global", "replicated job"),
    image: name,
    desiredTasks: fc.nat(5),
    running: fc.nat(5),
    completed: fc.nat(5),
    ports: fc.array(fc.constant("80→80/tcp"), { maxLength: 1 }),
    update: record({ state: fc.constantFrom("updating", "completed", "paused"), message: name }),
  },
  { requiredKeys: ["id", "name", "mode", "image", "desiredTasks", "running", "completed", "ports"] },
);

/** Any task. */
export const anyTask: fc.Arbitrary<Task> = record({
  id: fc.constantFrom("t1", "t2", "t3", "t4", "t5", "t6"),
  serviceId: id,
  nodeId: fc.oneof(fc.constant(""), id),
  slot: fc.nat(9),
  state: fc.constantFrom("pending", "starting", "running", "failed", "shutdown", "complete"),
  desired: fc.constantFrom("running", "shutdown"),
  createdAt: fc.nat(),
  stateAt: fc.nat(),
  image: name,
  reason: name,
  reservedCpus: fc.nat(4),
  reservedBytes: fc.nat(),
});

const distinct = <T extends { readonly id: string }>(one: fc.Arbitrary<T>): fc.Arbitrary<T[]> =>
  fc.uniqueArray(one, { selector: (item) => item.id, maxLength: 6 });

/** Any state of a swarm. */
export const anyReading: fc.Arbitrary<Reading> = record({
  nodes: distinct(anyNode),
  services: distinct(anyService),
  tasks: distinct(anyTask),
});

const anyEvent: fc.Arbitrary<DockerEvent> = record({
  Type: fc.constantFrom("node", "service", "container", "volume"),
  Action: fc.constantFrom("create", "update", "remove", "die"),
  timeNano: fc.nat(),
  Actor: record({
    ID: id,
    Attributes: fc.option(
      record(
        {
          "state.new": fc.constantFrom("ready", "down"),
          "availability.new": fc.constantFrom("active", "drain"),
          "role.new": fc.constantFrom("manager", "worker"),
        },
        { requiredKeys: [] },
      ),
    ),
  }),
});

/** Anything that can come to the server. */
export const anyInput: fc.Arbitrary<Input> = fc.oneof(
  anyReading.map((reading): Input => ({ kind: "reading", reading })),
  anyEvent.map((event): Input => ({ kind: "event", event })),
);
