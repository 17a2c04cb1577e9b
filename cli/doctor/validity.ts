import { renewalDays } from "../../infra/keys/lifetimes";
import { expired, type NodeCertificates } from "./certificates";
import type { Finding } from "./diagnose";

const dayMilliseconds = 24 * 3600 * 1000;

/** How long before its expiry a certificate is reported. */
const warnMilliseconds = renewalDays * dayMilliseconds;

/** The part of its lifetime that a certificate has left if Swarm could not renew it, which it does after 50 to 80 %. */
const leastShare = 0.15;

/**
 * Certificates of the swarm that have expired or expire soon, and clocks that are wrong.
 *
 * @param managers the names of those nodes that are managers
 */
export function validityFindings(nodes: readonly NodeCertificates[], managers: ReadonlySet<string>): Finding[] {
  const dead = new Map(expired(nodes).map(({ node, date }) => [node, date]));
  const needsRecovery = [...dead.keys()].some((node) => managers.has(node));
  return [
    ...[...dead].map(([node, date]) => ({
      what: `${node}: its certificate of the swarm has expired (${date})`,
      ...(needsRecovery && { byHand: "./farm recover" }),
    })),
    ...nodes.flatMap((node) => (dead.has(node.node) ? [] : endsSoon(node))),
    ...authorityFinding(nodes),
    ...nodes.flatMap(({ node, clock }) => (clock === undefined ? [] : [clockFinding(node, clock)])),
  ];
}

function endsSoon({ node, now, own }: NodeCertificates): Finding[] {
  if (!own) return [];
  const left = own.to.getTime() - now.getTime();
  if (left >= Math.min(warnMilliseconds, leastShare * (own.to.getTime() - own.from.getTime()))) return [];
  return [
    {
      what: `${node}: its certificate of the swarm ends on ${own.to.toISOString().slice(0, 10)} and was not renewed`,
      byHand: `./farm ssh ${node} systemctl restart docker renews it`,
    },
  ];
}

/** All nodes have the same one; those of a rotation that is under way have two. */
function authorityFinding(nodes: readonly NodeCertificates[]): Finding[] {
  const soon = nodes.flatMap(({ now, authority }) =>
    authority && authority.to.getTime() - now.getTime() < warnMilliseconds ? [authority.to.toISOString()] : [],
  );
  const first = soon.sort()[0];
  if (first === undefined) return [];
  return [
    {
      what: `the swarm's CA ends on ${first.slice(0, 10)}, and every node's certificate with it`,
      byHand: "./farm docker swarm ca --rotate",
    },
  ];
}

function clockFinding(node: string, error: string): Finding {
  const what = /^-?\d+$/.test(error) ? `differs from its host's by ${error} s` : `cannot be trusted: ${error}`;
  return {
    what: `${node}: its clock ${what}`,
    byHand: `./farm ssh ${node} systemctl restart chrony swarm-farm-clock; if it stays, set the clock of its host right`,
  };
}
