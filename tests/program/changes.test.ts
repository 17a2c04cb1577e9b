import type { Registered } from "../support/mocks";
import { runProgram, stackConfig } from "../support/program";

type Nodes = Record<string, Record<string, unknown>>;

const dev = stackConfig("Pulumi.dev.yaml");
const nodes = dev.nodes as Nodes;
let before: readonly Registered[];

beforeAll(async () => {
  before = (await runProgram(dev)).resources;
});

function key({ parent, name, type }: Registered): string {
  return `${parent} > ${name}: ${type}`;
}

/** What another configuration adds, removes and changes, as the next preview would show it. */
async function difference(changes: Record<string, unknown>) {
  const after = (await runProgram({ ...dev, ...changes })).resources;
  const old = new Map(before.map((resource) => [key(resource), resource]));
  const now = new Map(after.map((resource) => [key(resource), resource]));
  const changed = [...now.keys()].filter(
    (at) => old.has(at) && JSON.stringify(old.get(at)?.inputs) !== JSON.stringify(now.get(at)?.inputs),
  );
  return {
    added: [...now.keys()].filter((at) => !old.has(at)),
    removed: [...old.keys()].filter((at) => !now.has(at)),
    changed,
    input: (name: string) => after.find((resource) => resource.name === name)?.inputs,
  };
}

const network = "local > local-network: libvirt:index/network:Network";
const service = "hello > hello-service: docker:index/service:Service";

test("the same configuration changes nothing", async () => {
  expect(await difference({})).toMatchObject({ added: [], removed: [], changed: [] });
});

describe("another worker", () => {
  const more = { nodes: { ...nodes, worker4: { role: "worker" } } };

  test("adds only what is its own", async () => {
    const { added, removed } = await difference({ ...more, hello: { port: 8080, replicas: 4 } });
    expect(added).toHaveLength(before.filter(({ name }) => name.includes("worker2")).length);
    expect(added.filter((at) => !at.includes("worker4"))).toEqual([]);
    expect(removed).toEqual([]);
  });

  test("changes the network's list of names, and the count of a service that has one task per node", async () => {
    const { changed, input } = await difference(more);
    expect(changed.sort()).toEqual([service, network].sort());
    expect(input("hello-service")).toMatchObject({ mode: { replicated: { replicas: 5 } } });
    const known = before.find(({ name }) => name === "local-network")?.inputs as { dns: { hosts: unknown[] } };
    const dns = { enabled: true, hosts: [...known.dns.hosts, { hostname: "worker4", ip: "10.77.0.24" }] };
    expect(input("local-network")).toEqual({ ...known, dns });
  });
});

test("one worker less removes only what is its own, wherever it stood", async () => {
  const { worker2: _, ...rest } = nodes;
  const { added, removed, changed } = await difference({ nodes: rest });
  expect(added).toEqual([]);
  expect(removed.filter((at) => !at.includes("worker2"))).toEqual([]);
  expect(removed).toHaveLength(before.filter(({ name }) => name.includes("worker2")).length);
  expect(changed.sort()).toEqual([service, network].sort());
});

describe("a label", () => {
  const labelled = (labels: Record<string, string>) =>
    difference({ nodes: { ...nodes, worker3: { role: "worker", labels } } });
  const label = (name: string) => `swarm > worker3-label-${name}: command:remote:Command`;

  test("that goes takes its one resource with it", async () => {
    expect(await labelled({})).toMatchObject({ added: [], removed: [label("db")], changed: [] });
  });

  test("that comes is one resource", async () => {
    expect(await labelled({ db: "true", disk: "ssd" })).toMatchObject({
      added: [label("disk")],
      removed: [],
      changed: [],
    });
  });

  test("with another value is set in place", async () => {
    expect(await labelled({ db: "false" })).toMatchObject({ added: [], removed: [], changed: [label("db")] });
  });
});

test("another count of replicas changes the service's mode and nothing else", async () => {
  const { added, removed, changed, input } = await difference({ hello: { port: 8080, replicas: 7 } });
  expect([added, removed, changed]).toEqual([[], [], [service]]);
  const was = before.find(({ name }) => name === "hello-service")?.inputs;
  expect(input("hello-service")).toEqual({ ...was, mode: { replicated: { replicas: 7 } } });
});

test("another port changes the service alone", async () => {
  expect(await difference({ hello: { port: 8081 } })).toMatchObject({ added: [], removed: [], changed: [service] });
});

test("more memory changes that node's domain alone", async () => {
  const grown = { nodes: { ...nodes, worker1: { role: "worker", memoryMiB: 2048 } } };
  const domain = "worker1 > worker1-domain: libvirt:index/domain:Domain";
  expect(await difference(grown)).toMatchObject({ added: [], removed: [], changed: [domain] });
});
