import { X509Certificate } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import type { Farm } from "../nodes/ask";
import { askNodes } from "./ask-nodes";
import { scripts } from "./scripts";

/** The swarm certificates of a node, and its clock. */
export interface NodeCertificates {
  readonly node: string;
  /** By the node's own clock, which Docker compares certificates with. */
  readonly now: Date;
  /** Absent if the node is in no swarm. */
  readonly own?: Validity;
  /** The swarm's CA. Absent if the node is in no swarm. */
  readonly authority?: Validity;
  /** The error of the guest's clock check. Absent if the clock is right, or the image has no check. */
  readonly clock?: string;
}

interface Validity {
  readonly from: Date;
  readonly to: Date;
}

/** Longer than a healthy swarm takes to answer. */
const quietMilliseconds = 5_000;

/**
 * Reads the certificates of nodes in parallel; nodes that do not answer are left out.
 *
 * @param signal ends the connections. Default: only the deadline of each does
 */
export async function askCertificates(
  farm: Farm,
  nodes: readonly string[],
  signal?: AbortSignal,
): Promise<NodeCertificates[]> {
  return askNodes(farm, nodes, scripts("certificates.sh", {}), parseCertificates, signal);
}

/** Reads what scripts/certificates.sh prints. */
export function parseCertificates(node: string, text: string): NodeCertificates {
  const [own = "", authority = ""] = text.split("\nauthority\n");
  const now = new Date(1000 * Number(/^now=(\d+)$/m.exec(text)?.[1]));
  const clock = /^clock=(.*\S)\s*$/m.exec(text)?.[1];
  return { node, now, ...named("own", own), ...named("authority", authority), ...(clock !== undefined && { clock }) };
}

/** The first certificate of a chain is the node's own. */
function named<K extends string>(key: K, text: string): Partial<Record<K, Validity>> {
  const pem = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/.exec(text)?.[0];
  if (pem === undefined) return {};
  const { validFrom, validTo } = new X509Certificate(pem);
  // One key, whose name the compiler takes for any of K.
  return Object.fromEntries([[key, { from: new Date(validFrom), to: new Date(validTo) }]]) as Record<K, Validity>;
}

/** Nodes whose certificate has expired, with when it did. */
export function expired(nodes: readonly NodeCertificates[]): { readonly node: string; readonly date: string }[] {
  return nodes.flatMap(({ node, now, own }) =>
    own && own.to < now ? [{ node, date: own.to.toISOString().slice(0, 10) }] : [],
  );
}

/** The certificates of the managers have expired, so that the swarm cannot answer. */
export class CertificatesExpired extends Error {
  constructor(nodes: readonly { readonly node: string; readonly date: string }[]) {
    const names = nodes.map(({ node }) => node).join(", ");
    const dates = [...new Set(nodes.map(({ date }) => date))].sort().join(", ");
    super(`the swarm's certificates of ${names} have expired (${dates}): ./farm recover`);
  }
}

/**
 * Waits for a swarm's answer, and reads the certificates of its nodes meanwhile: a manager with an expired one never answers.
 *
 * @param question called with a signal that aborts when the answer is not needed any more
 * @param look reads the certificates
 * @param milliseconds between two reads
 * @throws CertificatesExpired with all nodes whose certificates have expired
 */
export async function unlessExpired<T>(
  farm: Farm,
  nodes: readonly { readonly name: string; readonly role: string }[],
  question: (signal: AbortSignal) => Promise<T>,
  look: typeof askCertificates = askCertificates,
  milliseconds = quietMilliseconds,
): Promise<T> {
  const over = new AbortController();
  const managers = new Set(nodes.flatMap(({ name, role }) => (role === "manager" ? [name] : [])));
  const all = nodes.map(({ name }) => name);
  const watch = async (): Promise<never> => {
    for (;;) {
      await sleep(milliseconds, undefined, { signal: over.signal });
      const found = expired(await look(farm, all, over.signal));
      if (found.some(({ node }) => managers.has(node))) throw new CertificatesExpired(found);
    }
  };
  try {
    return await Promise.race([question(over.signal), watch()]);
  } finally {
    over.abort();
  }
}
