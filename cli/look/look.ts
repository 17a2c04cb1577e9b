/**
 * Run by `./farm up` where the hypervisor is, before Pulumi, which takes what it made for what is there: starts VMs that are
 * off, waits until their nodes are ready, and tells what else is missing.
 *
 *   look.ts SSH_CONFIG STACK SECONDS QUIET   SECONDS: for how long a VM that was started may take; QUIET: for how long a node
 *                                            that is not ready is waited for while nothing changes
 *
 * Reads the configuration, one line of JSON, and then `pulumi stack export` from standard input. Prints lines for `./farm`:
 * `progress TEXT`, at the end `note TEXT`, `missing TEXT` for what only a refresh lets Pulumi see, and `renew URN` for a
 * certificate that ends soon. Ends with 2 where the managers' certificates have expired: nothing but `./farm recover` helps.
 */
import { readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { parseConfig } from "../infra/config/parse";
import { parseJson } from "../infra/config/value";
import { planFarm, type NodePlan } from "../infra/net/plan";
import { CertificatesExpired, unlessExpired } from "./doctor/certificates";
import { parseState, type Known } from "./doctor/state";
import { askSwarm } from "./gate/swarm";
import { machinesOf, start } from "./look/machines";
import { renewals } from "./look/renewals";
import { lostNodes, lostServices, machineFindings } from "./look/missing";

async function main([ssh = "", stack = "", seconds = "", quiet = ""]: readonly string[]): Promise<void> {
  const input = readFileSync(0, "utf8");
  const end = input.indexOf("\n");
  const plan = planFarm(parseConfig(parseJson(input.slice(0, end))), stack);
  const known = parseState(input.slice(end));
  const hosts = await Promise.all(
    Object.entries(plan.hosts).map(async ([name, { uri }]) => [name, await machinesOf(uri)] as const),
  );
  const { off, away, alive, ...found } = machineFindings(plan, known, new Map(hosts));
  const missing = [...found.missing];
  const dead = new Set<string>();
  for (const { uri, domain, node, state } of off) {
    console.log(`progress starting ${domain}, which is '${state}'`);
    const problem = await start(uri, domain, state);
    if (problem === undefined) continue;
    missing.push(`${node}: its VM does not start: ${problem}`);
    dead.add(node);
  }
  const started = off.filter(({ node }) => !dead.has(node)).map(({ node }) => node);
  const nodes = alive.filter(({ name }) => !dead.has(name));
  const patience = { started, startSeconds: Number(seconds), quietSeconds: Number(quiet) };
  const lost = await whatIsLost(ssh, nodes, known, patience);
  const all = [...missing, ...lost];
  for (const urn of renewals(known, Date.now())) console.log(`renew ${urn}`);
  for (const each of all) console.log(`missing ${each}`);
  const notes = [...away, ...(started.length > 0 ? [`started ${started.join(", ")}`] : []), ...all];
  console.log(
    `note ${notes.length > 0 ? notes.join("; ") : `${String(plan.nodes.length)} run, their nodes are ready`}`,
  );
}

interface Patience {
  /** Nodes whose VM was just started. */
  readonly started: readonly string[];
  readonly startSeconds: number;
  readonly quietSeconds: number;
}

/** Asks one manager until every node is ready or nothing more is to be expected; once if all are. */
async function whatIsLost(
  ssh: string,
  nodes: readonly NodePlan[],
  known: Known,
  { started, startSeconds, quietSeconds }: Patience,
): Promise<string[]> {
  // A swarm that is still to be made answers nobody.
  if (!nodes.some(({ name }) => known.urns.has(`${name}-join`))) return [];
  const began = Date.now();
  for (let changed = began, before = ""; ;) {
    const { lost, services } = await ask(ssh, nodes, known);
    if (lost.length === 0) return services;
    const what = [...new Set(lost.map((each) => each.what))];
    const now = what.join("; ");
    if (now !== before) {
      console.log(`progress ${now}`);
      changed = Date.now();
    }
    before = now;
    const isStarting = lost.some(({ name }) => started.includes(name));
    const isOver = isStarting ? Date.now() - began >= startSeconds * 1000 : Date.now() - changed >= quietSeconds * 1000;
    if (isOver) return [...what, ...services];
    await sleep(2000);
  }
}

/** Of a swarm that does not answer every node is lost. */
async function ask(ssh: string, nodes: readonly NodePlan[], known: Known) {
  try {
    const swarm = await unlessExpired(ssh, nodes, (signal) => askSwarm(ssh, signal));
    return { lost: lostNodes(nodes, known, swarm), services: lostServices(known, swarm) };
  } catch (error) {
    if (error instanceof CertificatesExpired) throw error;
    const what = `the swarm does not answer: ${error instanceof Error ? error.message : String(error)}`;
    return { lost: nodes.map(({ name }) => ({ name, what })), services: [] };
  }
}

main(process.argv.slice(2)).catch((error: unknown) => {
  if (error instanceof CertificatesExpired) console.log(`note ${error.message}`);
  else console.error(error);
  process.exit(2);
});
