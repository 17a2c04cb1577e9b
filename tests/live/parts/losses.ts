import { z } from "zod";
import { until } from "../until";
import { origin, type TestFarm } from "../farm";
import { pageOf } from "./lamp";

const minute = 60_000;

const ClusterState = z.object({ tasks: z.array(z.object({ state: z.string(), reason: z.string() })) });

/** Nodes of the default farm are switched off and on again: what only one node has, and what only one node has room for. */
export function lossTests(farm: TestFarm): void {
  const domain = (node: string) => `${farm.stack}.${node}`;
  const state = async (node: string) => farm.docker("node", "inspect", node, "-f", "{{.Status.State}}");
  const page = async () => pageOf(await farm.curl([`${origin}/`]));

  test("the database's node is switched off and on: the data is there, and php answers again by itself", async () => {
    const { visits } = await page();
    await farm.virsh("destroy", domain("worker3"));
    await until("the swarm to miss worker3", async () => (await state("worker3")) === "down", 3 * minute);
    await farm.virsh("start", domain("worker3"));
    let next = 0;
    await until("the page to answer again", async () => (next = (await page()).visits) > 0, 8 * minute);
    expect(next).toBe(visits + 1);
  });

  test("a lost node's task is pending while no other node can run it, with the reason, and runs there when it is back", async () => {
    const hello = async () => farm.runningTasks("hello", "{{.Node}} {{.CurrentState}} {{.Error}}");
    const runs = async () =>
      (await hello()).filter((task) => task.includes(" Running ")).map((task) => task.split(" ")[0]);
    farm.configure((config) => config.replace(/(swarm-farm:hello:\n)/, "$1    reservations: { memoryMiB: 500 }\n"));
    await farm.change();
    const everywhere = ["manager1", "worker1", "worker2", "worker3"];
    expect(await runs()).toEqual(everywhere);
    await farm.virsh("destroy", domain("worker2"));
    const waiting = /^ ?Pending .*no suitable node .*insufficient resources on 3 nodes/;
    await until("hello's task to wait", async () => (await hello()).some((task) => waiting.test(task)), 3 * minute);
    expect(await runs()).toEqual(everywhere.filter((node) => node !== "worker2"));
    const login = `admin:${(await farm.ok(["secret", "admin"])).stdout.trim()}`;
    await until("the visualizer to show why", async () => {
      const { tasks } = ClusterState.parse(JSON.parse(await farm.curl(["-u", login, `${origin}/visualizer/state`])));
      return tasks.some((task) => task.state === "pending" && task.reason.includes("insufficient resources"));
    });
    await farm.virsh("start", domain("worker2"));
    await until("hello to run on worker2 again", async () => (await runs()).length === 4, 5 * minute);
    expect(await runs()).toEqual(everywhere);
  });
}
