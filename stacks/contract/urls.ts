import type { DeployContext } from ".";

/** The host name in the URL of a route: a wildcard's first label is `any`. */
export function exampleHost(host: string): string {
  return host.replace(/^\*/, "any");
}

/** The nodes of a farm, and the addresses that its stacks plan. */
interface Context {
  readonly plan: Pick<DeployContext<unknown>["plan"], "nodes">;
  readonly plans: Pick<DeployContext<unknown>["plans"], "addresses">;
}

/** The address in URLs: one that survives a node, else the first node's; every node answers for all. */
export function entryAddress({ plan, plans }: Context): string {
  return plans.addresses[0] ?? plan.nodes[0]?.address ?? "";
}

/** The URL of a route of the reverse proxy. */
export function routeUrl(
  context: Context,
  { host, path }: { readonly host?: string | undefined; readonly path: string },
  httpsPort: number,
): string {
  const port = httpsPort === 443 ? "" : `:${String(httpsPort)}`;
  return `https://${host === undefined ? entryAddress(context) : exampleHost(host)}${port}${path}`;
}

/**
 * The URL of a published port of the routing mesh.
 *
 * @param scheme `tcp` where the protocol is not known. Default: `http`
 */
export function meshUrl(context: Context, port: number, scheme: "http" | "tcp" = "http"): string {
  return `${scheme}://${entryAddress(context)}:${String(port)}`;
}
