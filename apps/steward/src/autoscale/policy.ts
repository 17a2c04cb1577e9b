import * as z from "zod";
import type { Service } from "../shared/model.ts";

/** The label that holds a service's policy, as JSON. */
export const autoscaleLabel = "swarm-farm.autoscale";

/** Bounds that keep a slip of the keyboard from becoming a thousand tasks or a day of waiting. */
const mostReplicas = 1_000;
const longestSeconds = 3_600;

const replicas = z.int().min(1).max(mostReplicas);
const cooldown = z.number().min(0).max(longestSeconds);

const policyShape = z
  .strictObject({
    min: replicas,
    max: replicas,
    /** `cpu`: cores in use; `requests`: requests per second. Both per replica. */
    metric: z.enum(["cpu", "requests"]),
    /** Target load of one replica. */
    target: z.number().positive(),
    /** Least time from one growth to the next. */
    upCooldownSeconds: cooldown.default(30),
    /** Least time from any scaling to the next shrinking, and how long the load must have been low for it. */
    downCooldownSeconds: cooldown.default(180),
    /** The route whose requests count; default: the service's name. */
    route: z.string().min(1).optional(),
  })
  .refine(({ min, max }) => min <= max, { message: "min is greater than max", path: ["min"] })
  .refine(({ metric, route }) => metric === "requests" || route === undefined, {
    message: "only the metric 'requests' has a route",
    path: ["route"],
  });

/** How one service is to be scaled. */
export type Policy = Readonly<z.output<typeof policyShape>>;

/** A service's policy, what is wrong with it, or nothing if it has none. */
export function policyOf(service: Service): { readonly policy: Policy } | { readonly problem: string } | undefined {
  const text = service.labels[autoscaleLabel];
  if (text === undefined) return undefined;
  const bad = (what: string) => ({ problem: `service '${service.name}': label ${autoscaleLabel}: ${what}` });
  if (service.mode !== "replicated") return bad(`the service is not replicated (${service.mode})`);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return bad(`not JSON: '${text}'`);
  }
  const read = policyShape.safeParse(value);
  if (read.success) return { policy: read.data };
  return bad(
    read.error.issues
      .map(({ path, message }) => (path.length > 0 ? `${path.join(".")}: ${message}` : message))
      .join("; "),
  );
}
