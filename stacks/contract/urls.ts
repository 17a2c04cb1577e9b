import type { DeployContext } from ".";

interface Context {
  readonly plan: Pick<DeployContext<unknown>["plan"], "nodes">;
  readonly plans: Pick<DeployContext<unknown>["plans"], "addresses">;
}

/**
 * The URL of a published port: at the address that survives a node, else at the first node; the routing mesh answers on every one.
 *
 * @param scheme `tcp` where the protocol is not known. Default: `http`
 */
export function meshUrl({ plan, plans }: Context, port: number, scheme: "http" | "tcp" = "http"): string {
  return `${scheme}://${plans.addresses[0] ?? plan.nodes[0]?.address ?? ""}:${String(port)}`;
}
