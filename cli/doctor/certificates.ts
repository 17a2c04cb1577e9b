import { execFile } from "node:child_process";
import { X509Certificate } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";

/** What a node says of its membership's certificates and of its clock. */
export interface NodeCertificates {
  readonly node: string;
  /** By the node's own clock, which Docker compares certificates with. */
  readonly now: Date;
  /** Absent where the node is in no swarm. */
  readonly own?: Validity;
  /** The swarm's CA. Absent where the node is in no swarm. */
  readonly authority?: Validity;
  /** What the guest's clock check prints when it fails. Absent where the clock is right, or the image has no check. */
  readonly clock?: string;
}

interface Validity {
  readonly from: Date;
  readonly to: Date;
}

/** A node that is away must not hold a person up. */
const nodeMilliseconds = 20_000;

/** A swarm that is well answers sooner. */
const quietMilliseconds = 5_000;

/** One connection; certificates are public, and swarm-node.crt has no key. */
const question = [
  "date +now=%s",
  "cd /var/lib/docker/swarm/certificates 2>/dev/null && cat swarm-node.crt && echo authority && cat swarm-root-ca.crt",
  "clock=/usr/lib/swarm-farm/clock",
  'if [ -x $clock ]; then said=$($clock 2>&1) || echo "clock=$(echo "$said" | tr "\\n" " ")"; fi',
].join("\n");

/**
 * Asks nodes side by side; those that do not answer are left out.
 *
 * @param ssh the configuration file with which `ssh` reaches every node
 * @param signal ends the questions. Default: only time does
 */
export async function askCertificates(
  ssh: string,
  nodes: readonly string[],
  signal?: AbortSignal,
): Promise<NodeCertificates[]> {
  const answers = nodes.map(async (node) => {
    const args = ["-n", "-F", ssh, "-o", "ControlPath=none", "-o", "ConnectTimeout=10", node, question];
    try {
      const options = { timeout: nodeMilliseconds, ...(signal && { signal }) };
      const { stdout } = await promisify(execFile)("ssh", args, options);
      return [parseCertificates(node, stdout)];
    } catch {
      return [];
    }
  });
  return (await Promise.all(answers)).flat();
}

/** Reads the answer to `question`. */
export function parseCertificates(node: string, text: string): NodeCertificates {
  const [own = "", authority = ""] = text.split("\nauthority\n");
  const now = new Date(1000 * Number(/^now=(\d+)$/m.exec(text)?.[1]));
  const clock = /^clock=(.*\S)\s*$/m.exec(text)?.[1];
  return { node, now, ...named("own", own), ...named("authority", authority), ...(clock !== undefined && { clock }) };
}

/** The first certificate of a chain is the one that it proves. */
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

/** What a swarm whose certificates have expired says in place of silence. */
export class CertificatesExpired extends Error {
  constructor(nodes: readonly { readonly node: string; readonly date: string }[]) {
    const names = nodes.map(({ node }) => node).join(", ");
    const dates = [...new Set(nodes.map(({ date }) => date))].sort().join(", ");
    super(`the swarm's certificates of ${names} have expired (${dates}): ./farm recover`);
  }
}

/**
 * Awaits what a swarm is asked. While it does not answer, its managers' certificates are looked at: a
 * manager with an expired one never answers.
 *
 * @param ask its signal is aborted when the answer is of no use any more
 * @param look how certificates are read
 * @param milliseconds between two looks
 * @throws CertificatesExpired with all nodes whose certificates have expired
 */
export async function unlessExpired<T>(
  ssh: string,
  nodes: readonly { readonly name: string; readonly role: string }[],
  ask: (signal: AbortSignal) => Promise<T>,
  look: typeof askCertificates = askCertificates,
  milliseconds = quietMilliseconds,
): Promise<T> {
  const over = new AbortController();
  const managers = new Set(nodes.flatMap(({ name, role }) => (role === "manager" ? [name] : [])));
  const all = nodes.map(({ name }) => name);
  const watch = async (): Promise<never> => {
    for (;;) {
      await sleep(milliseconds, undefined, { signal: over.signal });
      const found = expired(await look(ssh, all, over.signal));
      if (found.some(({ node }) => managers.has(node))) throw new CertificatesExpired(found);
    }
  };
  try {
    return await Promise.race([ask(over.signal), watch()]);
  } finally {
    over.abort();
  }
}
