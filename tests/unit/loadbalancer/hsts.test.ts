import { haproxyConfig } from "../../../stacks/loadbalancer/haproxy";
import { nginxConfig } from "../../../stacks/loadbalancer/nginx";
import { planLoadBalancer, planWarnings } from "../../../stacks/loadbalancer/plan";
import { LoadBalancer } from "../../../stacks/loadbalancer/schema";

const own = { certificate: { cert: "tls.crt", key: "tls.key" } };
const year = "max-age=31536000";

/** The HSTS header of nginx and HAProxy, and the number of warnings in the preview. */
function hstsOf(settings: object): { readonly header: string | undefined; readonly warnings: number } {
  const config = LoadBalancer.parse(settings);
  const plan = planLoadBalancer(config, { routes: {}, targets: {} }, []);
  const [nginx, haproxy] = [nginxConfig(plan), haproxyConfig(plan, "")].map(
    (text) => /Strict-Transport-Security "([^"]*)"/.exec(text)?.[1],
  );
  expect(haproxy).toBe(nginx);
  return { header: nginx, warnings: planWarnings(config).length };
}

test.each([
  ["nothing asks for it", {}, undefined, 0],
  ["the certificate is the user's", { ...own, hsts: {} }, year, 0],
  [
    "subdomains too",
    { ...own, hsts: { maxAgeSeconds: 60, includeSubDomains: true } },
    "max-age=60; includeSubDomains",
    0,
  ],
  ["the farm's CA issued the certificate", { hsts: {} }, undefined, 1],
  ["it is ended, whatever the certificate", { hsts: { maxAgeSeconds: 0 } }, "max-age=0", 0],
])("Strict-Transport-Security: %s", (_name, settings, header, warnings) => {
  expect(hstsOf(settings)).toEqual({ header, warnings });
});

test("the warning names the key, the reason and what to do", () => {
  expect(planWarnings(LoadBalancer.parse({ hsts: {} }))).toEqual([
    expect.stringMatching(
      /^loadbalancer\.hsts: .*farm's own certificate.*; set 'loadbalancer\.certificate', or remove it$/,
    ),
  ]);
});
