import type { Problem } from "./problem";
import type { AutoscaleConfig, FarmConfig } from "./schema";

/** Where a policy may stand: a path, the policy, and how many tasks there are without it. */
type Place = readonly [path: string, policy: AutoscaleConfig | undefined, replicas: number | "global" | undefined];

/** What an autoscaling policy needs: bounds in order, tasks that can be counted, and somebody who counts them. */
export function policiesHold({ hello, lamp, loadbalancer, steward }: FarmConfig): Problem[] {
  const places: readonly Place[] = [
    ["hello", hello.autoscale, hello.replicas],
    ["lamp.nginx", lamp?.nginx.autoscale, lamp?.nginx.replicas],
    ["lamp.php", lamp?.php.autoscale, lamp?.php.replicas],
  ];
  return places.flatMap(([path, policy, replicas]) => {
    if (!policy) return [];
    const problems: Problem[] = [];
    const { min, max, metric } = policy;
    if (min > max)
      problems.push({
        path: `${path}.autoscale.min`,
        message: `is ${String(min)}, more than max ${String(max)}; lower min or raise max`,
      });
    if (replicas === "global")
      problems.push({
        path: `${path}.autoscale`,
        message: "cannot count a service that has one task on every node; set replicas to a number",
      });
    if (metric === "requests" && !loadbalancer)
      problems.push({
        path: `${path}.autoscale.metric`,
        message: "is 'requests', which the load balancer counts; add loadbalancer: {}, or use cpu",
      });
    if (!steward)
      problems.push({
        path: `${path}.autoscale`,
        message: "is followed by the steward, which is not deployed; add steward: {}",
      });
    return problems;
  });
}
