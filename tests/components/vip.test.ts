import * as pulumi from "@pulumi/pulumi";
import { keepalivedConfig } from "../../stacks/loadbalancer/vip/keepalived";
import { VirtualAddresses } from "../../stacks/loadbalancer/vip/virtual-addresses";
import { withNames } from "../support/configs";
import { find, listing, record, type Registered } from "../support/mocks";
import { swarmOf } from "../support/samples";

const plan = { addresses: ["10.77.0.250", "10.77.0.251"], cidr: "10.77.0.0/24", healthPort: 8180 };
const active = (name: string) => ({ name, availability: "active" as const });

async function addresses(...nodes: readonly string[]): Promise<Registered[]> {
  const all = await record(() => {
    new VirtualAddresses("loadbalancer-vip", {
      swarm: swarmOf(withNames("manager1")),
      image: "registry/keepalived@sha256:1",
      plan,
      nodes: nodes.map(active),
      after: [],
    });
  });
  return all.filter(({ name }) => name.startsWith("loadbalancer-vip"));
}

let resources: Registered[];

beforeAll(async () => {
  resources = await addresses("manager1", "worker1");
});

test("it is a service, its configuration, and Docker's network of the node, which is looked up", () => {
  expect(listing(resources)).toEqual([
    "loadbalancer-vip > loadbalancer-vip-config: docker:index/serviceConfig:ServiceConfig",
    "loadbalancer-vip > loadbalancer-vip-host: command:local:Command",
    "loadbalancer-vip > loadbalancer-vip-server: swarm-farm:service:SwarmService",
    "loadbalancer-vip-server > loadbalancer-vip-server-converged: command:local:Command",
    "loadbalancer-vip-server > loadbalancer-vip-server-service: docker:index/service:Service",
    "loadbalancer-vip: swarm-farm:vip:VirtualAddresses",
  ]);
  expect(find(resources, "loadbalancer-vip-host").inputs.create).toMatch(/'KIND=network\nNAME=host\n/);
});

test("it is on every node in the node's own network, with three capabilities, and files that it cannot write", () => {
  expect(find(resources, "loadbalancer-vip-server-service").inputs).toMatchObject({
    name: "loadbalancer-vip",
    mode: { global: true },
    taskSpec: {
      containerSpec: {
        image: "registry/keepalived@sha256:1",
        readOnly: true,
        capAdds: ["CAP_NET_ADMIN", "CAP_NET_RAW", "CAP_SETGID"],
        capDrops: ["ALL"],
        env: { ADDRESSES: "10.77.0.250 10.77.0.251", NETWORK: "10.77.0.0/24" },
        mounts: [{ type: "tmpfs", target: "/run" }],
        configs: [{ fileName: "/etc/keepalived/keepalived.conf" }],
        stopGracePeriod: "10s",
      },
      networksAdvanceds: [{ id: expect.any(String) as string }],
    },
    updateConfig: { order: "stop-first", parallelism: 1, failureAction: "rollback" },
  });
  expect(find(resources, "loadbalancer-vip-server-service").inputs).not.toHaveProperty("endpointSpec.ports");
});

test("its configuration follows from addresses, port and the kind of VM, and knows no node", async () => {
  const config = (from: Registered[]) => find(from, "loadbalancer-vip-config").inputs;
  const { data, name } = config(resources) as { data: string; name: string };
  const text = Buffer.from(data, "base64").toString();
  expect([1, 3].map((intervalSeconds) => keepalivedConfig({ ...plan, intervalSeconds }))).toContain(text);
  expect(name).toMatch(/^loadbalancer-vip-[0-9a-f]{12}$/);
  expect(config(await addresses("manager1", "worker1", "worker2"))).toEqual({ ...config(resources) });
});

test("addresses that only one node can hold are a warning, and are deployed", async () => {
  const warn = jest.spyOn(pulumi.log, "warn").mockImplementation(() => Promise.resolve());
  try {
    expect(await addresses("manager1")).toHaveLength(resources.length);
    expect(warn.mock.calls.map(([message]) => message)).toEqual([
      "loadbalancer.vip: 'manager1' is the only active node, and no other can take its addresses; add a node, or make one active",
    ]);
  } finally {
    warn.mockRestore();
  }
});
