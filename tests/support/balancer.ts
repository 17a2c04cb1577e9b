import fc from "fast-check";
import { parseConfig } from "../../stacks/config";
import { stacks } from "../../stacks/index";
import { plansOf } from "../../stacks/plans";
import { planLoadBalancer } from "../../stacks/loadbalancer/plan";
import type { LoadBalancerPlan } from "../../stacks/loadbalancer/base/types";
import { planFarm } from "../../infra/net/plan";
import { withStacks, type RawConfig } from "./configs";
import { written, network } from "./arbitraries";

/** The plan of a load balancer with these settings, before all stacks on a manager and a worker. */
export function planOf(loadbalancer: RawConfig, changes: RawConfig = {}): LoadBalancerPlan {
  const config = parseConfig(withStacks({ visualizer: {}, loadbalancer, ...changes }));
  if (!config.loadbalancer) throw new Error("there is no load balancer");
  return planLoadBalancer(config.loadbalancer, plansOf(stacks, config), planFarm(config, "dev").nodes);
}

/** The same with these routes. */
export function planWith(routes: RawConfig, more: RawConfig = {}): LoadBalancerPlan {
  return planOf({ ...more, routes });
}

const hosts = fc.constantFrom("a.example", "b.example");
const paths = fc.constantFrom("/", "/a/", "/a/b/", "/a-b/", "/c_1/");

/** A request's way in, of those that may meet a route. */
export const request: fc.Arbitrary<{ readonly host: string; readonly path: string }> = fc.record({
  host: fc.oneof(hosts, fc.constant("other.example")),
  path: fc.constantFrom("/", "/x", "/a", "/a/", "/a/x", "/a/b/c", "/a-b/", "/c_1/x.php"),
});

const route = fc.record(
  {
    host: hosts,
    path: paths,
    login: fc.boolean(),
    allow: fc.array(network.map(written), { minLength: 1, maxLength: 3 }),
    rateLimit: fc.record({ requestsPerSecond: fc.integer({ min: 1, max: 99 }), burst: fc.nat({ max: 9 }) }),
  },
  { requiredKeys: ["path"] },
);

/** Plans of every kind that a configuration allows. */
export const anyPlan: fc.Arbitrary<LoadBalancerPlan> = fc
  .record({
    mode: fc.constantFrom("http", "fastcgi"),
    httpsPort: fc.constantFrom(443, 8443),
    routes: fc.record({ lamp: route, hello: route, visualizer: route }, { requiredKeys: [] }).filter((all) => {
      const keys = Object.values(all).map(({ host, path }) => `${host ?? ""}${path}`);
      return new Set(keys).size === keys.length;
    }),
  })
  .map((settings) => planOf(settings));

/** Arbitrary values for a route, many invalid: all characters with a meaning in the servers' configuration languages. */
export const wild = fc.record({
  host: fc.oneof(hosts, fc.string({ unit: fc.constantFrom(...Array.from("ab.-;{}#$\"'\\ \n:*~^")), maxLength: 8 })),
  path: fc.oneof(
    paths,
    fc
      .string({ unit: fc.constantFrom(...Array.from("ab/;{}#$\"'\\ \n.*()%[]")), maxLength: 8 })
      .map((text) => `/${text}/`.replace("//", "/")),
  ),
});
