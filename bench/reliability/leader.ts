import { setTimeout as pause } from "node:timers/promises";
import { until } from "../../tests/live/until";
import type { TestFarm } from "../../tests/live/farm";
import { addresses } from "./farms";
import type { LeaderFigures } from "./figures";
import { counted, load } from "./requests";
import { managers, minute } from "./swarm";
import { Watch } from "./watch";

/** The leader of three managers is switched off; then the farm is made whole again. */
export async function leaderLost(farm: TestFarm): Promise<LeaderFigures> {
  const all = await managers(farm);
  const leader = all.find(([, status]) => status === "Leader")?.[0] ?? "";
  const others = all.map(([name]) => name).filter((name) => name !== leader);
  const journal = "journalctl -f -n 0 -o cat -u docker";
  const journals = await Promise.all(others.map((node) => Watch.start(farm, node, journal)));
  const requests = load(farm, addresses[others[0] ?? ""] ?? "");
  try {
    await until("an answer", () => Promise.resolve(requests.tasks().size > 0));
    const off = Date.now();
    await farm.virsh("destroy", `${farm.stack}.${leader}`);
    const accepted = await acceptedChange(farm);
    const elections = journals.map((one) => one.at(/became leader/, off)).filter((at) => at !== undefined);
    if (elections.length === 0)
      throw new Error(`Docker's journal on ${others.join(" and ")} tells of no 'became leader'`);
    // Requests that are under way have the time to fail.
    await pause(10_000);
    const counts = counted(await requests.stop());
    const repaired = await repair(farm);
    return { elected: Math.min(...elections) - off, accepted: accepted - off, repaired, requests: counts };
  } finally {
    for (const one of journals) one.stop();
    await requests.stop();
  }
}

/** When the swarm accepted something that most managers have to agree to; it changes nothing. */
async function acceptedChange(farm: TestFarm): Promise<number> {
  const change = ["docker", "node", "update", "--availability", "active", "manager1"];
  const accepted = async () => (await farm.farm(change, { through: ["timeout", "60"] })).status === 0;
  await until("a change of the swarm to be accepted", accepted, 5 * minute);
  return Date.now();
}

/** How long it takes until every manager is there again. */
async function repair(farm: TestFarm): Promise<number> {
  const begun = Date.now();
  await farm.ok(["up", "--refresh"]);
  const whole = async () => (await managers(farm)).every(([, status]) => /^(Leader|Reachable)$/.test(status));
  await until("every manager to be reachable", whole, 2 * minute);
  return Date.now() - begun;
}
