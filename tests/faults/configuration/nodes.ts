import { addresses, origin } from "../../live/farm";
import { expectSite, nodes, on } from "./look";
import type { Step } from "./types";

/** Another image than the one that the farm was made with. The name of an image that drift.test.ts builds too. */
const version = "2026-11-25";

/** Nodes that join, change and leave. A step stops the tasks of two nodes at most. */
export const nodeSteps: readonly Step[] = [
  {
    title: "a worker joins, one gets a label, another gets more CPUs and memory",
    change: () => ({
      nodes: {
        worker1: { labels: { disk: "ssd" } },
        worker2: { vcpu: 2, memoryMiB: 1200 },
        worker4: { role: "worker", address: "10.77.0.40", host: "local" },
      },
    }),
    effect: async (farm) => {
      expect(await nodes(farm, "{{.Hostname}} {{.Status}}")).toContain("worker4 Ready");
      expect(await farm.curl([`http://10.77.0.40:8081/`])).toContain("hello from");
      expect(await farm.docker("node", "inspect", "worker1", "-f", "{{.Spec.Labels.disk}}")).toBe("ssd");
      expect(await on(farm, "worker2", "nproc")).toBe("2");
      const memory = await farm.docker("node", "inspect", "worker2", "-f", "{{.Description.Resources.MemoryBytes}}");
      expect(Number(memory)).toBeGreaterThan(1100 * 1024 ** 2);
      // The disk is kept: Docker on it has the node's identity.
      expect(await nodes(farm, "{{.Hostname}}")).toHaveLength(5);
      await expectSite(farm, "https://10.77.0.40/");
    },
    // Each load balancer restarts: its servers and certificate follow from the list of nodes.
    restarts: ["loadbalancer"],
    restartsOn: ["worker2"],
  },
  {
    title: "one worker gets another image, the label goes, another worker is drained",
    change: () => ({
      nodes: {
        worker1: { image: { kind: "farm", version }, labels: null },
        worker2: { availability: "drain" },
      },
    }),
    effect: async (farm) => {
      expect(await on(farm, "worker1", "cat /proc/sys/kernel/hostname")).toBe("worker1");
      expect(await farm.virsh("vol-list", `swarm-farm-${farm.stack}`)).toContain(version);
      expect(await nodes(farm, "{{.Hostname}} {{.Availability}}")).toContain("worker2 Drain");
      expect(await farm.docker("node", "ps", "worker2", "-q", "--filter", "desired-state=running")).toBe("");
      await expectSite(farm);
    },
    restarts: [],
    restartsOn: ["worker1", "worker2"],
  },
  {
    title: "a worker gets another storage driver, the database's node a larger disk, and the loss of data is accepted",
    change: () => ({
      nodes: { worker2: { availability: null, storageDriver: "btrfs" }, worker3: { diskGiB: 12 } },
    }),
    args: ["--accept-data-loss", "worker3"],
    effect: async (farm) => {
      expect(await on(farm, "worker2", "docker info -f '{{.Driver}}'")).toBe("btrfs");
      expect(await nodes(farm, "{{.Hostname}} {{.Availability}}")).toContain("worker2 Active");
      expect(Number(await on(farm, "worker3", "df --output=size -BG / | tail -n 1 | tr -dc 0-9"))).toBeGreaterThan(10);
      await expectSite(farm);
    },
    restarts: [],
    restartsOn: ["worker2", "worker3"],
  },
  {
    title: "the worker that joined leaves",
    change: () => ({ nodes: { worker4: null } }),
    effect: async (farm) => {
      expect(await nodes(farm, "{{.Hostname}}")).toEqual(["manager1", "worker1", "worker2", "worker3"]);
      expect(await farm.virsh("list", "--all", "--name")).not.toContain("worker4");
      await expectSite(farm);
    },
    restarts: ["loadbalancer"],
    restartsOn: ["worker4"],
  },
  {
    title: "two workers become managers and keep their VMs",
    change: () => ({
      nodes: {
        worker1: { role: "manager", address: addresses.worker1 },
        worker2: { role: "manager", address: addresses.worker2 },
      },
    }),
    effect: async (farm) => {
      expect(await nodes(farm, "{{.Hostname}} {{.ManagerStatus}}")).toEqual([
        "manager1 Leader",
        "worker1 Reachable",
        "worker2 Reachable",
        "worker3",
      ]);
      await expectSite(farm);
    },
    restarts: ["loadbalancer"],
    restartsOn: ["worker1", "worker2"],
  },
  {
    title: "the first manager and a worker swap roles and keep their VMs",
    change: () => ({
      nodes: {
        manager1: { role: "worker", address: addresses.manager1 },
        worker3: { role: "manager", address: addresses.worker3 },
      },
    }),
    effect: async (farm) => {
      // Any of the three may lead.
      const roles = (await nodes(farm, "{{.Hostname}} {{.ManagerStatus}}")).map((line) =>
        line.replace(/Leader|Reachable/, "manager"),
      );
      expect(roles).toEqual(["manager1", "worker1 manager", "worker2 manager", "worker3 manager"]);
      expect(await farm.runningTasks("registry", "{{.Node}}")).toEqual(["worker1"]);
      await expectSite(farm, `${origin}/`);
    },
    // These follow the managers.
    restarts: ["registry", "visualizer", "visualizer-gate", "loadbalancer"],
    restartsOn: ["manager1", "worker3"],
  },
];
