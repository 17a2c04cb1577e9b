import { z } from "zod";
import { until } from "../../tests/live/until";
import type { TestFarm } from "../../tests/live/farm";
import { Watch } from "./watch";

/** In milliseconds. */
export const minute = 60_000;

/** The tasks of hello that run, by their whole names, each with its node. */
export async function runningTasks(farm: TestFarm): Promise<ReadonlyMap<string, string>> {
  const lines = await farm.runningTasks("hello", "{{.Name}}.{{.ID}} {{.Node}} {{.CurrentState}}");
  const running = lines.map((line) => line.split(" ")).filter(([, , state]) => state === "Running");
  return new Map(running.map(([task = "", node = ""]) => [task, node]));
}

/** Whether one task of hello runs on each node, and no more are asked for. */
export async function isSpread(farm: TestFarm): Promise<boolean> {
  const nodes = (await farm.docker("node", "ls", "--format", "{{.Hostname}}")).split("\n").length;
  const tasks = await runningTasks(farm);
  const replicasOfHello = await farm.docker("service", "inspect", "hello", "-f", "{{.Spec.Mode.Replicated.Replicas}}");
  return tasks.size === nodes && new Set(tasks.values()).size === nodes && replicasOfHello === String(nodes);
}

/** Each manager with what it says of itself: `Leader`, `Reachable`. */
export async function managers(farm: TestFarm): Promise<readonly (readonly [name: string, status: string])[]> {
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
      states.every((state) => state === "Ready") && statuses.every((status) => /^(Leader|Reachable)$/.test(status))
    );
  };
  await until("every node to be ready, and every manager to be reachable", ready, 5 * minute);
  await until("one task of hello on each node", () => isSpread(farm), 10 * minute);
}

/** Changes of nodes and of hello, from the swarm's events. */
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
  Raft: z.object({ ElectionTick: z.number() }),
  Dispatcher: z.object({ HeartbeatPeriod: z.number() }),
});

/** How soon Swarm itself notices, as it is configured. */
export async function configured(farm: TestFarm): Promise<{ readonly heartbeat: number; readonly election: number }> {
  const { Raft, Dispatcher } = Settings.parse(
    JSON.parse(await farm.docker("info", "-f", "{{json .Swarm.Cluster.Spec}}")),
  );
  // A tick is a second.
  return { heartbeat: Dispatcher.HeartbeatPeriod / 1e9, election: Raft.ElectionTick };
}
