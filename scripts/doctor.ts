/**
 * Run by `./farm doctor` where the hypervisor is: tells what is not as the last `up` left it, and touches nothing.
 *
 *   doctor.ts STACK SSH_CONFIG CONFIG_FILE            for people; ends with 1 if something is wrong
 *   doctor.ts STACK SSH_CONFIG CONFIG_FILE --repairs  for `up --refresh`: what Pulumi's own refresh does not see, one a
 *                                                     line: `start URI MACHINE` or `replace URN`
 *
 * Reads `pulumi stack export` from standard input; CONFIG_FILE is what `pulumi config --json` printed.
 */
import { readFileSync } from "node:fs";
import { parsePulumiConfig } from "../infra/config/parse";
import { ConfigError } from "../infra/config/problem";
import { planFarm } from "../infra/net/plan";
import { askCertificates, CertificatesExpired, unlessExpired } from "./doctor/certificates";
import { diagnose, type Finding } from "./doctor/diagnose";
import { diskFindings } from "./doctor/disk";
import { askHosts, askSwarm } from "./doctor/facts";
import { parseState } from "./doctor/state";
import { validityFindings } from "./doctor/validity";
import { certificateWarnings } from "../cli/gate/certificates";

async function main([farm = "", ssh = "", configFile = "", mode = ""]: readonly string[]): Promise<void> {
  const plan = planFarm(parsePulumiConfig(readFileSync(configFile, "utf8")), farm);
  const known = parseState(readFileSync(0, "utf8"));
  const [hosts, swarm] = await Promise.all([
    askHosts(plan.hosts, farm),
    unlessExpired(ssh, plan.nodes, (signal) => askSwarm(ssh, signal)).catch((error: unknown) => {
      if (error instanceof CertificatesExpired) return error;
      throw error;
    }),
  ]);
  const facts = { ...hosts, swarm: swarm instanceof CertificatesExpired ? swarm.message : swarm };
  const findings = diagnose(plan, known, facts);
  if (mode === "--repairs") console.log(repairs(findings, known.urns).join("\n"));
  else {
    const names = plan.nodes.map(({ name }) => name);
    const managers = new Set(plan.nodes.flatMap(({ name, role }) => (role === "manager" ? [name] : [])));
    const [disks, certificates] = await Promise.all([diskFindings(plan, ssh), askCertificates(ssh, names)]);
    const ending = certificateWarnings(known.expiries ?? {}, Date.now()).map((what) => ({ what }));
    findings.push(...disks, ...validityFindings(certificates, managers), ...ending);
    console.log(told(findings, known.services.length, plan.nodes.length));
    process.exitCode = findings.length > 0 ? 1 : 0;
  }
}

function repairs(findings: readonly Finding[], urns: ReadonlyMap<string, string>): string[] {
  return findings.flatMap(({ start, replace = [] }) => [
    ...(start ? [`start ${start.uri} ${start.machine}`] : []),
    ...replace.map((name) => `replace ${urns.get(name) ?? ""}`),
  ]);
}

function told(findings: readonly Finding[], services: number, nodes: number): string {
  if (findings.length === 0)
    return `nothing is wrong: ${String(nodes)} nodes and ${String(services)} services are as the last up left them`;
  const lines = findings.map(({ what, byHand }) => `✗ ${what}${byHand === undefined ? "" : `: ${byHand}`}`);
  return [...lines, "./farm up --refresh puts right what has no command beside it"].join("\n");
}

main(process.argv.slice(2)).catch((error: unknown) => {
  console.error(error instanceof ConfigError ? error.message : error);
  process.exit(2);
});
