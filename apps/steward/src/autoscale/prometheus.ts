import { request } from "undici";
import * as z from "zod";
import type { Policy } from "./policy.ts";

/** A service's whole load, or why it is not known. */
export type Load = number | { readonly missing: string };

const answerShape = z.object({
  data: z.object({
    resultType: z.literal("vector"),
    result: z.array(z.object({ value: z.tuple([z.number(), z.string()]) })).max(1),
  }),
});

/** Prometheus' string syntax is Go's. A value that JSON can write is quoted the same there. */
const quote = (value: string): string => JSON.stringify(value);

/**
 * The load of a service in PromQL: cores or requests per second, over all its replicas. An exporter counts a route from its first
 * request on; before, the load is 0 where exporters answer.
 */
export function queryOf(service: string, policy: Policy, windowSeconds: number): string {
  const sumOf = (series: string) => `sum(rate(${series}[${windowSeconds}s]))`;
  if (policy.metric === "cpu")
    return sumOf(`container_cpu_usage_seconds_total{container_label_com_docker_swarm_service_name=${quote(service)}}`);
  const requests = sumOf(`swarm_farm_requests_total{route=${quote(policy.route ?? service)}}`);
  return `${requests} or 0 * ${sumOf("swarm_farm_log_lines_unparsed_total")}`;
}

/** Queries Prometheus for one number; never throws. */
export async function readLoad(url: string, query: string, timeoutMs: number): Promise<Load> {
  try {
    const path = `${url.replace(/\/$/, "")}/api/v1/query?query=${encodeURIComponent(query)}`;
    const { statusCode, body } = await request(path, { signal: AbortSignal.timeout(timeoutMs) });
    if (statusCode !== 200) {
      const message = (await body.text()).trim().slice(0, 200);
      return { missing: `Prometheus answers ${statusCode}: ${message}` };
    }
    const [found] = answerShape.parse(await body.json()).data.result;
    if (!found) return { missing: `Prometheus has no data for ${query}` };
    const load = Number(found.value[1]);
    return Number.isFinite(load) ? load : { missing: `Prometheus answers ${found.value[1]} to ${query}` };
  } catch (error) {
    if (error instanceof z.ZodError) return { missing: `Prometheus' answer to ${query} is not understood` };
    return { missing: `Prometheus cannot be reached: ${error instanceof Error ? error.message : String(error)}` };
  }
}
