import { counted } from "../../infra/config/counted";
import { planFarm, type FarmPlan } from "../../infra/net/plan";
import { jobsService } from "../../stacks/jobs/service";
import { acmeService, acmeWarning } from "../convergence/acme";
import { certificateWarnings } from "../convergence/certificates";
import { loadConfiguration } from "../context/configuration";
import type { Context } from "../context/context";
import { decryptedConfiguration } from "../setup/check/configuration";
import { managersOf } from "../nodes/managers";
import { resourcesOf } from "../pulumi/answer";
import { unfinishedSince } from "../pulumi/settled";
import { alertFindings, alertsService } from "./alerts";
import { backupFindings, backupsService } from "./backups";
import { askCertificates, CertificatesExpired, unlessExpired } from "./certificates";
import { diagnose, type Finding } from "./diagnose";
import { diskFindings } from "./disk";
import { askHosts, askSwarm, type Facts } from "./facts";
import { jobFindings } from "./jobs";
import { lastRehearsal, rehearsalFindings, rehearsalNote } from "./rehearsal";
import { knownOf, type Known } from "./state";
import { validityFindings } from "./validity";

type Farm = Pick<Context, "stack" | "folders" | "repository" | "environment">;

/** The result of `doctor`. */
export interface Diagnosis {
  /** Empty if the farm is as the last `up` deployed it. */
  readonly findings: readonly Finding[];
  readonly nodes: number;
  readonly services: number;
  /** How the last rehearsal of a restore passed. Default: there was none, or it is a finding. */
  readonly rehearsal?: string | undefined;
}

/**
 * Compares the farm with the state, and checks disks, certificates, clocks, backups, jobs and alerts. It asks hypervisors, the swarm and nodes in
 * parallel, each with a deadline; one that does not answer is a finding. It changes nothing.
 *
 * @throws FarmError if the configuration is wrong or the state cannot be read
 */
export async function examine(context: Farm): Promise<Diagnosis> {
  const { plan, known } = await expectation(context);
  const names = plan.nodes.map(({ name }) => name);
  const managers = new Set(plan.nodes.flatMap(({ name, role }) => (role === "manager" ? [name] : [])));
  const has = (service: string) => known.services.some(({ name }) => name === service);
  const [facts, disks, certificates, acme, backups, jobs, alerts] = await Promise.all([
    factsOf(context, plan),
    diskFindings(context, plan),
    askCertificates(context, names),
    has(acmeService) ? acmeWarning(context, Date.now()) : undefined,
    has(backupsService) ? backupFindings(context, names) : [],
    has(jobsService.name) ? jobFindings(context, names) : [],
    has(alertsService) ? alertFindings(context, names) : [],
  ]);
  const rehearsal = lastRehearsal(context);
  const expiring = certificateWarnings(known.expiries ?? {}, Date.now()).map((what) => ({ what }));
  const unobtained = acme === undefined ? [] : [{ what: acme }];
  return {
    findings: [
      ...unfinishedFindings(context),
      ...diagnose(plan, known, facts),
      ...disks,
      ...validityFindings(certificates, managers),
      ...expiring,
      ...unobtained,
      ...backups,
      ...rehearsalFindings(rehearsal),
      ...jobs,
      ...alerts,
    ],
    nodes: plan.nodes.length,
    services: known.services.length,
    rehearsal: rehearsalNote(rehearsal),
  };
}

/**
 * Arguments of `pulumi up` that replace resources whose loss a refresh does not see, e.g. a node that left the swarm:
 * `--replace URN` for each. Empty if no farm was built yet.
 *
 * @throws FarmError if the configuration is wrong or the state cannot be read
 */
export async function repairs(context: Farm): Promise<string[]> {
  if (!managersOf(context)) return [];
  const { plan, known } = await expectation(context);
  const findings = diagnose(plan, known, await factsOf(context, plan));
  const urns = findings.flatMap(({ replace = [] }) => replace.flatMap((name) => known.urns.get(name) ?? []));
  return [...new Set(urns)].flatMap((urn) => ["--replace", urn]);
}

/** The answer of `./farm doctor`, a line for each finding. */
export function summary({ findings, nodes, services, rehearsal }: Diagnosis): string {
  const note = rehearsal === undefined ? [] : [rehearsal];
  if (findings.length === 0)
    return [
      `nothing is wrong: ${counted(nodes, "node")} and ${counted(services, "service")} are as the last up left them`,
      ...note,
    ].join("\n");
  const lines = findings.map(({ what, byHand }) => `✗ ${what}${byHand === undefined ? "" : `: ${byHand}`}`);
  return [...lines, ...note, "./farm up --refresh puts right what has no command beside it"].join("\n");
}

function unfinishedFindings(context: Farm): Finding[] {
  const since = unfinishedSince(context);
  if (since === 0) return [];
  const what = `the update that began on ${new Date(since).toISOString()} has not succeeded`;
  return [{ what, byHand: "wait for it, or ./farm up goes on" }];
}

async function expectation(context: Farm): Promise<{ plan: FarmPlan; known: Known }> {
  const config = loadConfiguration(context) ?? (await decryptedConfiguration(context));
  const plan = planFarm(config, context.stack);
  return { plan, known: knownOf(await resourcesOf(context)) };
}

async function factsOf(context: Farm, plan: FarmPlan): Promise<Facts> {
  const [hosts, swarm] = await Promise.all([
    askHosts(context, plan.hosts),
    unlessExpired(context, plan.nodes, (signal) => askSwarm(context, signal)).catch((error: unknown) => {
      if (error instanceof CertificatesExpired) return error.message;
      throw error;
    }),
  ]);
  return { ...hosts, swarm };
}
