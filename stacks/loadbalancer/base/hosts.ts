/** A route, as its host decides which requests it matches. */
interface Hosted {
  /** A name, or `*.` and a name. Default: any host. */
  readonly host?: string | undefined;
}

const isWildcard = (host: string | undefined): boolean => host?.startsWith("*.") ?? false;

/** How specific a route's host is: 2 a name, 1 a wildcard, 0 none. */
export function hostRank({ host }: Hosted): number {
  return host === undefined ? 0 : isWildcard(host) ? 1 : 2;
}

/** The begin of a wildcard as a regular expression of both programs: one label deep, as in certificates (RFC 6125, 6.4.3). */
export function pattern(wildcard: string): string {
  return `^[^.]+${wildcard.slice(1).replaceAll(".", "\\.")}`;
}

/** nginx's `server_name`. Its own wildcards match several labels. */
export function serverName(host: string | undefined): string {
  if (host === undefined) return "_";
  return isWildcard(host) ? `~${pattern(host)}$` : host;
}

/** HAProxy's test of a route's host, with a blank before it; empty if the route is for any host. */
export function hostTest({ host }: Hosted): string {
  if (host === undefined) return "";
  const requested = "req.hdr(host),field(1,:)";
  return isWildcard(host)
    ? ` { ${requested} -m reg -i '${pattern(host)}\\.?$' }`
    : ` { ${requested} -i ${host} ${host}. }`;
}

/** The wildcard that covers a host; itself if it is one, or none. */
export function wildcardOf(host: string | undefined): string | undefined {
  return host === undefined || isWildcard(host) ? host : `*${host.replace(/^[^.]+/, "")}`;
}

/** The hosts whose routes a request to a host may take, the most specific first. */
export function levelsOf(host: string | undefined): (string | undefined)[] {
  return [...new Set([host, wildcardOf(host), undefined])];
}

/**
 * The routes of nginx's server for a host: its own, then those of the wildcard that covers it, then those for any host. One
 * that a more specific host has a prefix of is left out, where nginx would choose the longer path.
 */
export function routesOfHost<Route extends Hosted & { readonly path: string }>(
  host: string | undefined,
  routes: readonly Route[],
): Route[] {
  return levelsOf(host).reduce<Route[]>(
    (before, level) => [
      ...before,
      ...routes.filter((route) => route.host === level && !before.some(({ path }) => route.path.startsWith(path))),
    ],
    [],
  );
}
