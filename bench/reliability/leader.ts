import { setTimeout as pause } from "node:timers/promises";
import { until } from "../../tests/faults/until";
import type { TestFarm } from "../../tests/live/farm";
import type { Figures } from "./figures";
import { counted, load } from "./requests";
import { managers, minute } from "./swarm";
import { Watch } from "./watch";

/** The leader of three managers is switched off; then the farm is made whole again. */
export async function leaderLost(farm: TestFarm): Promise<Figures["leader"]> {
  const all = await managers(farm);
  const leader = all.find(([, status]) => status === "Leader")?.[0] ?? "";
  const others = all.map(([name]) => name).filter((name) => name !== leader);
  const journal = "journalctl -f -n 0 -o cat -u docker";
  const journals = await Promise.all(others.map((node) => Watch.start(farm, node, journal)));
  const requests = load(farm, { clients: 2, pauseMs: 500 });
  try {
    const off = Date.now();
    await farm.virsh("destroy", `${farm.stack}.${leader}`);
    // It changes nothing, and yet it is a change that most managers have to agree to.
    const change = ["docker", "node", "update", "--availability", "active", "worker1"];
    const accepted = async () => (await farm.farm(change, { through: ["timeout", "60"] })).status === 0;
    await until("a change of the swarm to be accepted", accepted, 5 * minute);
    const after = Date.now();
    const elections = journals.map((one) => one.at(/became leader/, off)).filter((at) => at !== undefined);
    if (elections.length === 0)
      throw new Error(`no journal of ${others.join(", ")} tells of an election: look for 'became leader'`);
    // Requests that are under way have the time to fail.
    await pause(10_000);
    const counts = counted(await requests.stop());
    const begun = Date.now();
    await farm.ok(["up", "--refresh"]);
    const whole = async () => (await managers(farm)).every(([, status]) => /^(Leader|Reachable)$/.test(status));
    await until("every manager to be reachable", whole, 2 * minute);
    return {
      elected: Math.min(...elections) - off,
      accepted: after - off,
      repaired: Date.now() - begun,
      requests: counts,
    };
  } finally {
    for (const one of journals) one.stop();
    await requests.stop();
  }
}
