/**
 * Run by `./farm up` where the hypervisor is, at its end: waits until every service of the farm is full, healthy and at rest, and
 * until one request through each route got an answer that is no server error. Touches nothing.
 *
 *   gate.ts SSH_CONFIG SECONDS     ends with 1 if that is not so after SECONDS
 *
 * Reads `pulumi stack output --json` from standard input. Prints lines for `./farm`: `progress TEXT` while it waits, and at
 * the end `note TEXT`, one or more.
 */
import { readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { certificateWarnings } from "./gate/certificates";
import { restOf, type Rest } from "./gate/rest";
import { askRoutes, parseOutputs, routeProblems, type Outputs } from "./gate/routes";
import { askSwarm, type TaskFact } from "./gate/swarm";

/** Between two looks, where a task has to change first. */
const pauseSeconds = 3;

async function main([ssh = "", seconds = ""]: readonly string[]): Promise<void> {
  const outputs = parseOutputs(readFileSync(0, "utf8"));
  const deadline = Date.now() + Number(seconds) * 1000;
  const firstSeen = new Map<string, number>();
  const seen = ({ id, state }: TaskFact): number => {
    const key = `${id} ${state}`;
    const since = firstSeen.get(key) ?? Date.now();
    firstSeen.set(key, since);
    return (Date.now() - since) / 1000;
  };
  for (let said = ""; ;) {
    const { why, others, inSeconds = pauseSeconds, note = "" } = await look(ssh, outputs, seen);
    if (why.length === 0) {
      console.log(`note ${note}`);
      for (const line of others) console.log(`note not of this farm: ${line}`);
      for (const line of certificateWarnings(outputs.certificates, Date.now())) console.log(`note ${line}`);
      return;
    }
    if (Date.now() >= deadline) {
      for (const line of why) console.log(`note ${line}`);
      const doNext = "see ./farm doctor and ./farm docker service ps --no-trunc SERVICE, then ./farm up --refresh";
      console.log(`note waited ${seconds} s for that: ${doNext}`);
      process.exitCode = 1;
      return;
    }
    const [first = ""] = why;
    if (first !== said) console.log(`progress ${first}`);
    said = first;
    await sleep(Math.max(inSeconds, 0.5) * 1000);
  }
}

/** Routes are asked once all else rests. */
async function look(
  ssh: string,
  { urls, nodes }: Outputs,
  seen: (task: TaskFact) => number,
): Promise<Rest & { note?: string }> {
  try {
    const swarm = await askSwarm(ssh);
    const rest = restOf(swarm, seen);
    if (rest.why.length > 0) return rest;
    const ready = nodes.filter(({ name }) => swarm.nodes.get(name)?.state === "ready");
    // A balancer runs on every node that takes tasks.
    const entry = ready.find(({ name }) => swarm.nodes.get(name)?.availability === "active") ?? ready[0];
    if (!entry) return { why: ["no node is ready"], others: [] };
    const why = routeProblems(await askRoutes(urls, entry.address));
    const away = nodes.filter((node) => !ready.includes(node)).map(({ name }) => `, ${name} is away`);
    const [services, routes] = [swarm.services.filter(({ own }) => own).length, Object.keys(urls).length];
    return {
      ...rest,
      why,
      note: `${String(services)} full and at rest, ${String(routes)} routes answer${away.join("")}`,
    };
  } catch (error) {
    return {
      why: [`the swarm does not answer: ${error instanceof Error ? error.message : String(error)}`],
      others: [],
    };
  }
}

main(process.argv.slice(2)).catch((error: unknown) => {
  console.error(error);
  process.exit(2);
});
