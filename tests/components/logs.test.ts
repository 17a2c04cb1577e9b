import { Logs } from "../../stacks/logs/logs";
import { Logs as Schema } from "../../stacks/logs/schema";
import { withNames } from "../support/configs";
import { find, listing, record, type Registered } from "../support/mocks";
import { swarmOf } from "../support/samples";
import { syntaxError } from "../support/sh";

async function deployed(config: Record<string, unknown> = {}): Promise<Registered[]> {
  const all = await record(() => {
    const swarm = swarmOf(withNames("manager1", "worker1"));
    new Logs("logs", {
      swarm,
      images: { logs: "registry/victoria-logs", journal: "registry/journal-upload" },
      node: "manager1",
      sizes: Schema.parse(config),
      edgeNetworks: [],
    });
  });
  return all.filter(({ name }) => name.includes("logs"));
}

test("it is a store, two senders, their network, and a folder on each node", async () => {
  const service = (name: string) => [
    `logs > logs-${name}: swarm-farm:service:SwarmService`,
    `logs-${name} > logs-${name}-converged: command:local:Command`,
    `logs-${name} > logs-${name}-service: docker:index/service:Service`,
  ];
  expect(listing(await deployed())).toEqual(
    [
      ...["store", "tasks", "journal"].flatMap(service),
      "logs > logs-network: docker:index/network:Network",
      "logs > manager1-logs: command:remote:Command",
      "logs > worker1-logs: command:remote:Command",
      "logs: swarm-farm:logs:Logs",
    ].sort(),
  );
});

test("the store has its volume on one node, and keeps what the keys say", async () => {
  const resources = await deployed({ retentionDays: 3, diskMiB: 512, memoryMiB: 100 });
  expect(find(resources, "logs-store-service").inputs).toMatchObject({
    taskSpec: {
      containerSpec: {
        args: expect.arrayContaining(["-retentionPeriod=3d", "-retention.maxDiskSpaceUsageBytes=512MiB"]) as string[],
        user: "65534:65534",
        mounts: [{ type: "volume", source: "logs-store", target: "/var/lib/victoria-logs" }],
      },
      placement: { constraints: ["node.hostname == manager1"] },
      resources: { limits: { memoryBytes: 100 * 1024 ** 2 }, reservation: { memoryBytes: 50 * 1024 ** 2 } },
    },
  });
});

const read = { readOnly: true, bindOptions: { propagation: "rslave" } };

test.each([
  [
    "logs-tasks-service",
    [
      { source: "/var/lib/docker/containers", target: "/var/lib/docker/containers", ...read },
      { source: "/var/lib/swarm-farm/logs/tasks", target: "/var/lib/vlagent" },
    ],
  ],
  [
    "logs-journal-service",
    [
      { source: "/run/log", target: "/run/log", ...read },
      { source: "/var/log", target: "/var/log", ...read },
      { source: "/var/lib/swarm-farm/logs/journal", target: "/var/lib/swarm-farm" },
    ],
  ],
])("%s is on every node, has no capability, and writes only what it remembers", async (name, mounts) => {
  const { inputs, dependsOn } = find(await deployed(), name);
  expect(inputs).toMatchObject({
    mode: { global: true },
    taskSpec: {
      containerSpec: {
        readOnly: true,
        user: "0:0",
        capDrops: ["ALL"],
        hostname: "{{.Node.Hostname}}",
        mounts: mounts.map((mount) => ({ type: "bind", ...mount })),
      },
    },
  });
  expect(inputs).not.toHaveProperty("taskSpec.containerSpec.capAdds");
  expect(dependsOn).toEqual(expect.arrayContaining(["manager1-logs", "worker1-logs"]));
});

test("a node's folder is made before its tasks start, and goes with the stack", async () => {
  const { inputs, deletedWith } = find(await deployed(), "worker1-logs");
  expect(deletedWith).toBe("worker1-domain");
  expect(inputs.create).toContain("/var/lib/swarm-farm/logs");
  expect(inputs.delete).toContain("rm -rf");
  for (const script of [inputs.create, inputs.delete]) expect(syntaxError(script as string)).toBe("");
});
