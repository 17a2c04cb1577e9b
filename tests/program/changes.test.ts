import { config, differenceBetween, local, only, rolled } from "../support/difference";
import type { Registered } from "../support/mocks";
import { runProgram, stackConfig } from "../support/program";

type Nodes = Record<string, Record<string, unknown>>;

const dev = stackConfig("Pulumi.dev.yaml");
const nodes = dev.nodes as Nodes;
const network = "local > local-network: libvirt:index/network:Network";
const ports = local("swarm", "published-ports");
const runs = new Map<string, readonly Registered[]>();
let before: readonly Registered[];

beforeAll(async () => {
  before = (await runProgram(dev)).resources;
});

/** Resources of the shipped configuration with some keys changed; each is run once. */
async function resourcesWith(changes: Record<string, unknown>): Promise<readonly Registered[]> {
  const key = JSON.stringify(changes);
  const known = runs.get(key) ?? (await runProgram({ ...dev, ...changes })).resources;
  runs.set(key, known);
  return known;
}

/** Resources that another configuration adds, removes and changes, as the next preview would show it. */
async function changesOf(changes: Record<string, unknown>) {
  return differenceBetween(before, await resourcesWith(changes));
}

/** The inputs that a resource has then. */
async function inputOf(name: string, changes: Record<string, unknown>) {
  return (await resourcesWith(changes)).find((resource) => resource.name === name)?.inputs;
}

/** Settings derived from the list of nodes: names and addresses, and one hello each. */
const forNodes = [network, ...rolled("hello"), local("swarm", "loadbalancer-certificate")].sort();

test("an unchanged configuration changes nothing", async () => {
  expect(await changesOf({})).toEqual(only());
});

test("another worker adds only its own resources, and updates those that depend on the list of nodes", async () => {
  const more = { nodes: { ...nodes, worker4: { role: "worker" } } };
  const { added, removed, changed } = await changesOf(more);
  expect(added).toHaveLength(before.filter(({ name }) => name.includes("worker2")).length);
  expect(added.filter((at) => !at.includes("worker4"))).toEqual([]);
  expect([removed, changed]).toEqual([[], forNodes]);
});

test("another worker adds a name to the network and a task to hello", async () => {
  const more = { nodes: { ...nodes, worker4: { role: "worker" } } };
  expect(await inputOf("hello-service", more)).toMatchObject({ mode: { replicated: { replicas: 5 } } });
  const known = before.find(({ name }) => name === "local-network")?.inputs as { dns: { hosts: unknown[] } };
  const dns = { enabled: true, hosts: [...known.dns.hosts, { hostname: "worker4", ip: "10.77.0.24" }] };
  expect(await inputOf("local-network", more)).toEqual({ ...known, dns });
});

test("removing a worker removes only its own resources, at any position", async () => {
  const { worker2: _, ...rest } = nodes;
  const { added, removed, changed } = await changesOf({ nodes: rest });
  expect([added, changed]).toEqual([[], forNodes]);
  expect(removed.filter((at) => !at.includes("worker2"))).toEqual([]);
  expect(removed).toHaveLength(before.filter(({ name }) => name.includes("worker2")).length);
});

describe("managers", () => {
  const three: Nodes = { ...nodes, manager2: { role: "manager" }, manager3: { role: "manager" } };
  const ours = [local("farm", "ssh-config"), ...forNodes].sort();

  test("two more change the settings derived from the nodes, and the managers that are queried", async () => {
    const { added, removed, changed } = await changesOf({ nodes: three });
    expect(added.filter((at) => !/manager[23]/.test(at))).toEqual([]);
    expect([removed, changed]).toEqual([[], ours]);
  });

  test("another first manager updates no command of the others", async () => {
    const rest = Object.fromEntries(Object.entries({ ...three, manager4: { role: "manager" } }).slice(1));
    const { removed, changed } = differenceBetween(
      await resourcesWith({ nodes: three }),
      await resourcesWith({ nodes: rest }),
    );
    expect(removed.filter((at) => !at.includes("manager1"))).toEqual([]);
    expect(changed.filter((at) => /-(join|ready|label-db|token|settings):/.test(at))).toEqual([]);
  });
});

describe("a label", () => {
  const labelled = (labels: Record<string, string>) =>
    changesOf({ nodes: { ...nodes, worker2: { role: "worker", labels } } });
  const label = (name: string) => `swarm > worker2-label-${name}: command:local:Command`;

  test("that is added is one resource", async () => {
    expect(await labelled({ disk: "ssd" })).toEqual({ added: [label("disk")], removed: [], changed: [] });
  });

  test("that moves to another node deletes one resource and creates one", async () => {
    const worker2 = { role: "worker", labels: { db: "true" } };
    expect(await changesOf({ nodes: { ...nodes, worker2, worker3: { role: "worker" } } })).toEqual({
      added: [label("db")],
      removed: ["swarm > worker3-label-db: command:local:Command"],
      changed: [],
    });
  });

  test("with another value is updated in place", async () => {
    const worker3 = (disk: string) => ({ ...nodes, worker3: { role: "worker", labels: { db: "true", disk } } });
    const of = (disk: string) => inputOf("worker3-label-disk", { nodes: worker3(disk) });
    const [ssd, hdd] = [await of("ssd"), await of("hdd")];
    expect(ssd?.triggers).toEqual(hdd?.triggers);
    expect(ssd?.create).not.toEqual(hdd?.create);
  });
});

test("more memory changes that node's domain alone", async () => {
  const grown = { nodes: { ...nodes, worker1: { role: "worker", memoryMiB: 2048 } } };
  expect(await changesOf(grown)).toEqual(only("worker1 > worker1-domain: libvirt:index/domain:Domain"));
});

test("another number of replicas updates the service alone, which must then converge again", async () => {
  const more = { hello: { replicas: 7 } };
  expect(await changesOf(more)).toEqual(only(...rolled("hello")));
  const was = before.find(({ name }) => name === "hello-service")?.inputs;
  expect(await inputOf("hello-service", more)).toEqual({ ...was, mode: { replicated: { replicas: 7 } } });
});

test.each<[string, Record<string, unknown>, readonly string[]]>([
  ["php's replicas", { lamp: { php: { replicas: 5 } } }, rolled("lamp-php")],
  ["nginx's replicas", { lamp: { nginx: { replicas: 1 } } }, rolled("lamp-nginx")],
  [
    "hello's port",
    { hello: { port: 8090 } },
    [
      ports,
      ...rolled("hello"),
      ...rolled("loadbalancer-server"),
      config("loadbalancer", "loadbalancer-etc-nginx-nginx.conf"),
    ],
  ],
  ["the balancer's plain port", { loadbalancer: { httpPort: 8180 } }, [ports, ...rolled("loadbalancer-server")]],
  [
    "a rate limit",
    {
      loadbalancer: {
        routes: {
          lamp: { path: "/", rateLimit: { requestsPerSecond: 9 } },
          hello: { path: "/hello/" },
          visualizer: { path: "/visualizer/", login: true },
        },
      },
    },
    [...rolled("loadbalancer-server"), config("loadbalancer", "loadbalancer-etc-nginx-nginx.conf")],
  ],
])("%s changes that service alone", async (_, changes, changed) => {
  expect(await changesOf(changes)).toEqual(only(...changed));
});

test("encryption gives lamp other networks, and moves its services to them", async () => {
  const networks = (kind: string) =>
    ["data", "sessions", "web"].map((noun) => `lamp > lamp-${noun}-${kind}network: docker:index/network:Network`);
  expect(await changesOf({ lamp: { encryptOverlay: true } })).toEqual({
    added: networks("ipsec-"),
    changed: ["lamp-mysql", "lamp-nginx", "lamp-php", "lamp-sessions"].flatMap((name) => [...rolled(name)]),
    removed: networks(""),
  });
});

test("a reservation for each task updates that service, and raises its limit", async () => {
  const reserving = { lamp: { php: { reservations: { memoryMiB: 700 } } } };
  expect(await changesOf(reserving)).toEqual(only(...rolled("lamp-php")));
  const megabyte = 1024 ** 2;
  expect(await inputOf("lamp-php-service", reserving)).toMatchObject({
    taskSpec: {
      resources: {
        limits: { memoryBytes: 700 * megabyte },
        reservation: { memoryBytes: 700 * megabyte, nanoCpus: 100_000_000 },
      },
    },
  });
});

describe("a policy", () => {
  const scaled = (policy: object, php: object = {}) => ({
    steward: {},
    lamp: { php: { ...php, autoscale: { min: 2, max: 6, metric: "requests", target: 20, ...policy } } },
  });
  const between = async (first: Record<string, unknown>, second: Record<string, unknown>) =>
    differenceBetween(await resourcesWith(first), await resourcesWith(second));

  test("is a label of the service, whose replicas the steward then manages", async () => {
    const php = (await resourcesWith(scaled({}))).find(({ name }) => name === "lamp-php-service");
    expect(php?.inputs.labels).toEqual([
      {
        label: "swarm-farm.autoscale",
        value: JSON.stringify({
          min: 2,
          max: 6,
          metric: "requests",
          target: 20,
          upCooldownSeconds: 30,
          downCooldownSeconds: 180,
          route: "lamp",
        }),
      },
      { label: "swarm-farm.made-by", value: "swarm-farm/dev" },
    ]);
    expect(php?.ignoreChanges).toContain("mode.replicated.replicas");
  });

  test("with other bounds changes that service alone", async () => {
    expect(await between(scaled({}), scaled({ max: 8 }))).toEqual(only(...rolled("lamp-php")));
  });

  test("begins inside of its bounds", async () => {
    expect(await inputOf("lamp-php-service", scaled({ min: 3 }))).toMatchObject({
      mode: { replicated: { replicas: 3 } },
    });
    expect(await inputOf("lamp-php-service", scaled({}, { replicas: 9 }))).toMatchObject({
      mode: { replicated: { replicas: 6 } },
    });
  });
});

test("another interval updates the cleanup of each node, 0 removes it; nothing else changes", async () => {
  const cleanups = Object.keys(nodes).map((node) => `cleanup > ${node}-cleanup: command:remote:Command`);
  const other = await changesOf({ cleanup: { unusedImagesAfterHours: 24 } });
  expect(other).toEqual({ ...only(), changed: cleanups });
  const { added, removed, changed } = await changesOf({ cleanup: { unusedImagesAfterHours: 0 } });
  expect([added, changed]).toEqual([[], []]);
  expect(removed).toEqual([" > cleanup: swarm-farm:cleanup:Cleanup", ...cleanups]);
});
