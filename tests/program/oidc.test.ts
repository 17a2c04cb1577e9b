import { differenceBetween, local, secret } from "../support/difference";
import { find, type Registered } from "../support/mocks";
import { runProgram, stackConfig, type Run } from "../support/program";

const dev = stackConfig("Pulumi.dev.yaml");
const oidc = {
  issuer: "https://login.example.com",
  clientId: "farm",
  clientSecret: "hidden-word",
  emailDomains: ["example.com"],
};
const route = (login: unknown) => ({ lamp: { path: "/", login } });
const withBalancer = (loadbalancer: object) => runProgram({ ...dev, loadbalancer });

let before: Run;
let after: Run;

beforeAll(async () => {
  // As Pulumi lists a key with an encrypted value.
  process.env.PULUMI_CONFIG_SECRET_KEYS = JSON.stringify(["swarm-farm:loadbalancer"]);
  before = await withBalancer({ routes: route(true) });
  after = await withBalancer({ routes: route("oidc"), oidc });
});
afterAll(() => {
  delete process.env.PULUMI_CONFIG_SECRET_KEYS;
});

const spec = (resources: readonly Registered[], service: string) =>
  (find(resources, `${service}-service`).inputs as { taskSpec: { containerSpec: Record<string, unknown> } }).taskSpec
    .containerSpec;

test("a farm that gets a provider gets oauth2-proxy and a push, and loses what the password needed", () => {
  const { added, removed } = differenceBetween(before.resources, after.resources);
  expect(added).toEqual(
    [
      local("loadbalancer-oidc", "loadbalancer-oidc-cookie-key"),
      local("loadbalancer-oidc", "loadbalancer-oidc-salt"),
      secret("loadbalancer-oidc", "loadbalancer-oidc-client"),
      secret("loadbalancer-oidc", "loadbalancer-oidc-cookie"),
      "loadbalancer-oidc > loadbalancer-oidc-server: swarm-farm:service:SwarmService",
      "loadbalancer-oidc-server > loadbalancer-oidc-server-converged: command:local:Command",
      "loadbalancer-oidc-server > loadbalancer-oidc-server-service: docker:index/service:Service",
      local("registry", "oauth2-proxy-push"),
      " > loadbalancer-oidc: swarm-farm:oidc:LoginProxy",
    ].sort(),
  );
  expect(removed).toEqual([secret("loadbalancer", "loadbalancer-logins")]);
});

test("oauth2-proxy starts after the load balancer, which the provider may be behind, on its network", () => {
  expect(find(after.resources, "loadbalancer-oidc-server-service").dependsOn).toContain(
    "loadbalancer-server-converged",
  );
  expect(spec(after.resources, "loadbalancer-oidc-server").image).toMatch(/oauth2-proxy/);
  const networks = (service: string) =>
    (find(after.resources, `${service}-service`).inputs as { taskSpec: { networksAdvanceds: object[] } }).taskSpec
      .networksAdvanceds;
  expect(networks("loadbalancer-server")).toEqual(expect.arrayContaining(networks("loadbalancer-oidc-server")));
});

test("the client's secret is in no input but the secret's, and in no output", () => {
  const found = after.resources.filter(({ inputs }) => /hidden-word|aGlkZGVuLXdvcmQ/.test(JSON.stringify(inputs)));
  expect(found.map(({ name }) => name)).toEqual(["loadbalancer-oidc-client"]);
  expect(JSON.stringify(after.outputs)).not.toContain("hidden-word");
});

test("HAProxy gets its script as a config, and with a password none", async () => {
  const haproxy = { implementation: "haproxy" };
  const { resources } = await withBalancer({
    ...haproxy,
    routes: route("oidc"),
    oidc,
  });
  expect(spec(resources, "loadbalancer-server")).toMatchObject({ configs: [{ fileName: "/etc/haproxy/oidc.lua" }] });
  const { resources: plain } = await withBalancer({ ...haproxy, routes: route(true) });
  expect(spec(plain, "loadbalancer-server")).not.toHaveProperty("configs");
});

test("a secret in the clear ends the program before any resource", async () => {
  process.env.PULUMI_CONFIG_SECRET_KEYS = "[]";
  await expect(withBalancer({ routes: route("oidc"), oidc })).rejects.toThrow(
    "loadbalancer.oidc.clientSecret: is in the clear",
  );
});
