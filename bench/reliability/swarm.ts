import { z } from "zod";
import { until } from "../../tests/faults/until";
import { smallConfig, type TestFarm } from "../../tests/live/farm";
import { Watch } from "./watch";

export const minute = 60_000;

/** Long enough that what Swarm moves by itself would be seen, and short for a bench. */
export const quietSeconds = 20;

const manager = { role: "manager" };
const worker = { role: "worker" };
const nodes = {
  manager1: { ...manager, vcpu: 2 },
  manager2: manager,
  manager3: manager,
  worker1: worker,
  worker2: worker,
};

/** One task of hello on each node. */
export const replicas = Object.keys(nodes).length;

export const configuration = {
  ...smallConfig(nodes),
  hello: { port: 8080, replicas },
  loadbalancer: {},
  steward: { quietSeconds },
};

/** The tasks of hello that run, by their whole names, each with its node. */
export async function runningTasks(farm: TestFarm): Promise<ReadonlyMap<string, string>> {
  const lines = await farm.runningTasks("hello", "{{.Name}}.{{.ID}} {{.Node}} {{.CurrentState}}");
  const running = lines.map((line) => line.split(" ")).filter(([, , state]) => state === "Running");
  return new Map(running.map(([task = "", node = ""]) => [task, node]));
}

export async function isBalanced(farm: TestFarm): Promise<boolean> {
  const tasks = await runningTasks(farm);
  return tasks.size === replicas && new Set(tasks.values()).size === replicas && (await asked(farm)) === replicas;
}

async function asked(farm: TestFarm): Promise<number> {
  return Number(await farm.docker("service", "inspect", "hello", "-f", "{{.Spec.Mode.Replicated.Replicas}}"));
}

/** Each manager with what it says of itself: `Leader`, `Reachable`. */
export async function managers(farm: TestFarm): Promise<readonly (readonly [string, string])[]> {
  const format = "{{.Hostname}} {{.ManagerStatus}}";
  const lines = (await farm.docker("node", "ls", "--filter", "role=manager", "--format", format)).split("\n");
  return lines.map((line) => {
    const [name = "", status = ""] = line.split(" ");
    return [name, status];
  });
}

/** Nothing is measured on a farm that has not got over what was done to it before. */
export async function settled(farm: TestFarm): Promise<void> {
  const ready = async () => {
    const states = (await farm.docker("node", "ls", "--format", "{{.Status}}")).split("\n");
    const statuses = (await managers(farm)).map(([, status]) => status);
    return (
      states.every((state) => state === "Ready") &&
      statuses.every((status) => status === "Leader" || status === "Reachable")
    );
  };
  await until("every node to be ready, and every manager to be reachable", ready, 5 * minute);
  await until("one task of hello on each node", () => isBalanced(farm), 10 * minute);
}

/** Changes of nodes and of hello, told by the swarm. */
export async function events(farm: TestFarm): Promise<Watch> {
  return Watch.start(
    farm,
    "manager1",
    "docker events --filter type=node --filter type=service --format '{{.Type}} {{json .Actor.Attributes}}'",
  );
}

/** An event of a node that has got another state. */
export function nodeIs(node: string, state: string): RegExp {
  return new RegExp(`^node .*"name":"${node}".*"state\\.new":"${state}"`);
}

/** An event of hello that is to have another number of tasks. */
export function helloHas(count: number): RegExp {
  return new RegExp(`^service .*"name":"hello".*"replicas\\.new":"${count}"`);
}

const Settings = z.object({
  Raft: z.object({ ElectionTick: z.number(), HeartbeatTick: z.number() }),
  Dispatcher: z.object({ HeartbeatPeriod: z.number() }),
});

/** How soon Swarm itself notices, as it is configured. */
export async function ownSeconds(farm: TestFarm): Promise<{ readonly heartbeat: number; readonly election: number }> {
  const { Raft, Dispatcher } = Settings.parse(
    JSON.parse(await farm.docker("info", "-f", "{{json .Swarm.Cluster.Spec}}")),
  );
  // A tick is a second; a node is down after three heartbeats that did not come.
  return { heartbeat: Dispatcher.HeartbeatPeriod / 1e9, election: Raft.ElectionTick };
}
