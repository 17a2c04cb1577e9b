import { counted } from "../../infra/config/counted";
import type { FarmPlan, NodePlan } from "../../infra/net/plan";
import type { Facts, SwarmFacts } from "./facts";
import type { Known, KnownService } from "./state";

/** A difference between the farm and what the last `up` deployed. */
export interface Finding {
  /** The object, and its problem. */
  readonly what: string;
  /** Resources that `up` must replace, since a refresh does not see the difference. Default: none. */
  readonly replace?: readonly string[];
  /** A VM to start. */
  readonly start?: { readonly uri: string; readonly domain: string };
  /** Action for the user, if `up --refresh` does not help. */
  readonly byHand?: string;
}

/** Compares VMs, nodes and services with the state. */
export function diagnose(plan: FarmPlan, known: Known, facts: Facts): Finding[] {
  const nodes = plan.nodes.filter(({ name }) => known.urns.has(`${name}-domain`));
  const { swarm } = facts;
  return [
    ...[...facts.away].map(([host, why]) => ({
      what: `hypervisor '${host}' does not answer: ${why}; its nodes cannot be checked`,
      byHand: "bring it back, or take it and its nodes out of the configuration",
    })),
    ...nodes.filter(({ host }) => !facts.away.has(host)).flatMap((node) => vmOf(plan, node, facts)),
    ...(typeof swarm === "string"
      ? [{ what: `the swarm does not answer: ${swarm}` }]
      : [
          ...nodes
            .filter((node) => facts.domains.get(domainName(plan, node)) === "running")
            .flatMap((node) => memberOf(node, known, swarm)),
          ...swarm.nameless.map(strayMember),
          ...known.services.flatMap((service) => serviceOf(service, swarm)),
        ]),
  ];
}

function domainName({ farm }: FarmPlan, { name }: NodePlan): string {
  return `${farm}.${name}`;
}

function vmOf(plan: FarmPlan, node: NodePlan, { domains, volumes }: Facts): Finding[] {
  const domain = domainName(plan, node);
  const { name, host } = node;
  const state = domains.get(domain);
  const findings: Finding[] = [];
  for (const disk of [
    `${name}.qcow2`,
    `${name}-seed.iso`,
    ...(node.storageDriver === "btrfs" ? [`${name}-data.qcow2`] : []),
  ])
    if (!volumes.has(disk))
      findings.push({ what: `${name}: its disk ${disk} is gone`, ...replacing(name, disk, state !== undefined) });
  if (state === undefined) findings.push({ what: `${name}: libvirt on ${host} has no such domain` });
  else if (state !== "running" && findings.length === 0) {
    const uri = plan.hosts[host]?.uri ?? "";
    findings.push({ what: `${name}: its domain is '${state}', not 'running'`, start: { uri, domain } });
  }
  return findings;
}

/** A VM with another disk; and a seed, which `up --refresh` does not read. */
function replacing(name: string, disk: string, hasDomain: boolean): Pick<Finding, "replace"> {
  const replace = [...(hasDomain ? [`${name}-domain`] : []), ...(disk.endsWith("-seed.iso") ? [`${name}-seed`] : [])];
  return replace.length > 0 ? { replace } : {};
}

function memberOf(plan: NodePlan, known: Known, { nodes }: SwarmFacts): Finding[] {
  const { name, role, labels, availability } = plan;
  if (!known.urns.has(`${name}-join`)) return [];
  const node = nodes.get(name);
  const join = { replace: [`${name}-join`] };
  if (!node) return [{ what: `${name}: the swarm has no such node`, ...join }];
  if (node.state !== "ready")
    return [{ what: `${name}: the swarm reports it as '${node.state}', and its domain runs`, ...join }];
  const findings: Finding[] = [];
  if (node.role !== role)
    findings.push({
      what: `${name}: its role is '${node.role}', not '${role}'`,
      byHand: `./farm docker node ${role === "manager" ? "promote" : "demote"} ${name}`,
    });
  if (node.availability !== availability)
    findings.push({
      what: `${name}: its availability is '${node.availability}', not '${availability}'`,
      ...(known.urns.has(`${name}-availability`)
        ? { replace: [`${name}-availability`] }
        : { byHand: `./farm docker node update --availability ${availability} ${name}` }),
    });
  for (const [key, value] of Object.entries(labels)) {
    const resource = `${name}-label-${key}`;
    const actual = node.labels[key];
    if (actual === value || !known.urns.has(resource)) continue;
    const is = actual === undefined ? "is gone" : `is '${actual}', not '${value}'`;
    findings.push({ what: `${name}: its label ${key} ${is}`, replace: [resource] });
  }
  return findings;
}

/** A manager that never reports still counts for the quorum. */
function strayMember(id: string): Finding {
  return {
    what: `the swarm has a member without a name, ${id}: its join was cut off`,
    byHand: `./farm docker node demote ${id}; ./farm docker node rm --force ${id}`,
  };
}

/** A refresh corrects a service, but the wait for its tasks runs again only if it is replaced. */
function serviceOf({ name, wait, replicas, image }: KnownService, { services }: SwarmFacts): Finding[] {
  const actual = services.get(name);
  if (!actual) return [{ what: `service ${name}: is gone` }];
  const findings: Finding[] = [];
  if (actual.image !== image)
    findings.push({ what: `service ${name}: its image is ${actual.image ?? "none"}, not ${image}`, replace: [wait] });
  if (replicas !== undefined && actual.replicas !== replicas)
    findings.push({
      what: `service ${name}: has ${actual.replicas === undefined ? "no fixed number of replicas" : counted(actual.replicas, "replica")}, not ${String(replicas)}`,
      replace: [wait],
    });
  return findings;
}
