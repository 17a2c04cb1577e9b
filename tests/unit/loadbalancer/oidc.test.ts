import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { checkAll } from "../../../stacks/config";
import { haproxyConfig } from "../../../stacks/loadbalancer/haproxy";
import { nginxConfig } from "../../../stacks/loadbalancer/nginx";
import { proxyArguments } from "../../../stacks/loadbalancer/oidc/arguments";
import { scriptFiles } from "../../../stacks/loadbalancer/oidc/script";
import { OidcSettings } from "../../../stacks/loadbalancer/oidc/schema";
import { ConfigError } from "../../../infra/config/problem";
import { planWith } from "../../support/balancer";
import { withStacks, type RawConfig } from "../../support/configs";
import { refusal } from "../../support/refusal";
import { repository } from "../../support/sources";

const provider = {
  issuer: "https://login.example.com/realms/shop",
  clientId: "farm",
  clientSecret: "hidden",
  emailDomains: ["example.com"],
};
const guarded = { lamp: { path: "/", login: "oidc" } };

const farm = (oidc: RawConfig | undefined, routes: RawConfig = guarded): RawConfig =>
  withStacks({ loadbalancer: { ...(oidc ? { oidc } : {}), routes } });

test.each<[string, RawConfig, readonly string[]]>([
  ["a provider and a route", farm(provider), []],
  ["groups alone", farm({ ...provider, emailDomains: undefined, allowedGroups: ["shop staff"] }), []],
  [
    "a route without a provider",
    farm(undefined),
    [
      "loadbalancer.routes.lamp.login: is 'oidc', and there is no provider; add loadbalancer.oidc with issuer, clientId and clientSecret, or set it to true for a password",
    ],
  ],
  [
    "a provider without a route",
    farm(provider, { lamp: { path: "/", login: true } }),
    ["loadbalancer.oidc: is used by no route; set login: oidc on one under loadbalancer.routes, or remove it"],
  ],
  [
    "nobody who may log in",
    farm({ ...provider, emailDomains: undefined }),
    [
      "loadbalancer.oidc: says of nobody who may log in; add emailDomains, allowedGroups or both; emailDomains: ['*'] is every user of the provider",
    ],
  ],
  [
    "gRPC",
    farm(provider, { lamp: { path: "/", login: "oidc", protocol: "grpc" } }),
    [
      "loadbalancer.routes.lamp.login: is 'oidc', which needs a browser, and a gRPC client is none; set it to true for a password, or remove it",
    ],
  ],
  [
    "a route at the path of the login",
    farm(provider, { lamp: { path: "/farm-oidc/x/", login: "oidc" } }),
    ["loadbalancer.routes.lamp.path: is '/farm-oidc/x/', and the login has '/farm-oidc/'; give the route another path"],
  ],
])("with %s", (_, raw, problems) => {
  expect(refusal(raw)).toEqual(problems);
});

test.each<[string, RawConfig, string]>([
  ["an issuer without TLS", { issuer: "http://login.example.com" }, "loadbalancer.oidc.issuer"],
  ["an issuer with a query", { issuer: "https://login.example.com/?a=1" }, "loadbalancer.oidc.issuer"],
  ["an issuer that is no URL", { issuer: "login.example.com" }, "loadbalancer.oidc.issuer"],
  ["a client of two words", { clientId: "a b" }, "loadbalancer.oidc.clientId"],
  ["an address for a domain", { emailDomains: ["ann@example.com"] }, "loadbalancer.oidc.emailDomains"],
  ["no domain", { emailDomains: [] }, "loadbalancer.oidc.emailDomains"],
  ["two groups in one", { allowedGroups: ["a,b"] }, "loadbalancer.oidc.allowedGroups"],
  ["a session of a year", { sessionHours: 8760 }, "loadbalancer.oidc.sessionHours"],
])("%s is refused at its key, once", (_, change, path) => {
  const problems = refusal(farm({ ...provider, ...change }));
  expect(problems).toHaveLength(1);
  expect(problems[0]).toMatch(new RegExp(`^${path.replaceAll(".", String.raw`\.`)}`));
});

test("a login that is neither true, false nor oidc is refused", () => {
  const [problem] = refusal(farm(provider, { lamp: { path: "/", login: "saml" } }));
  expect(problem).toContain("must be true, false or oidc");
});

describe("files and secrets", () => {
  const folder = mkdtempSync(join(tmpdir(), "oidc-"));
  afterAll(() => {
    rmSync(folder, { recursive: true });
  });
  const problems = (raw: RawConfig, secrets: readonly string[]): string[] => {
    try {
      checkAll(raw, repository, secrets);
    } catch (error) {
      if (error instanceof ConfigError) return error.problems.map(({ path, message }) => `${path}: ${message}`);
      throw error;
    }
    return [];
  };
  const secret = "loadbalancer.oidc.clientSecret";

  test.each([secret, "loadbalancer.oidc", "loadbalancer"])("%s is encrypted", (path) => {
    expect(problems(farm(provider), [path])).toEqual([]);
  });

  test("a secret in the clear is refused, and is not in the message", () => {
    const [problem, ...more] = problems(farm(provider), ["loadbalancer.oidc.clientId"]);
    expect(more).toEqual([]);
    expect(problem).toBe(
      "loadbalancer.oidc.clientSecret: is in the clear; remove it from the file, ask the provider for another one, and set that by './farm pulumi config set --path --secret swarm-farm:loadbalancer.oidc.clientSecret'",
    );
  });

  test("a CA that is not there or no certificate is refused", () => {
    const [none, text] = [join(folder, "none.pem"), join(folder, "text.pem")];
    writeFileSync(text, "text");
    const withCa = (ca: string) => problems(farm({ ...provider, ca }), [secret]);
    expect(withCa(none)).toEqual([`loadbalancer.oidc.ca: is '${none}'; there is no such file`]);
    expect(withCa(text)).toEqual([
      `loadbalancer.oidc.ca: is '${text}'; it is no certificate in PEM; name the file of the CA's certificate`,
    ]);
  });
});

test("without such a route neither program's configuration has anything of it, and HAProxy no script", () => {
  const plan = planWith({ lamp: { path: "/", login: true }, hello: { path: "/hello/" } });
  expect(nginxConfig(plan)).not.toMatch(/oidc|auth_request/);
  expect(haproxyConfig(plan, "")).not.toMatch(/oidc|lua/);
  expect(scriptFiles(plan.routes)).toEqual([]);
});

test("with one, the route has no password, and HAProxy has the script", () => {
  const plan = planWith(guarded, { oidc: provider });
  expect(nginxConfig(plan)).toContain("auth_request /farm-oidc/auth;");
  expect(nginxConfig(plan)).not.toContain("auth_basic");
  expect(haproxyConfig(plan, "")).toMatch(/lua-load-per-thread \/etc\/haproxy\/oidc\.lua\n/);
  expect(haproxyConfig(plan, "")).not.toContain("http-request auth");
  expect(scriptFiles(plan.routes)).toMatchObject([{ path: "/etc/haproxy/oidc.lua" }]);
});

test("php of `mode: fastcgi` gets the user as parameters", () => {
  const config = nginxConfig(planWith(guarded, { oidc: provider, mode: "fastcgi" }));
  expect(config).toContain("fastcgi_param HTTP_X_FORWARDED_USER $oidc_user;");
  expect(config).toContain('fastcgi_param HTTP_X_AUTH_REQUEST_USER "";');
});

test("oauth2-proxy's arguments have who may log in, and no secret", () => {
  const config = OidcSettings.parse({ ...provider, allowedGroups: ["staff", "shop admins"], sessionHours: 2 });
  const args = proxyArguments(config, true);
  expect(args).toEqual(
    expect.arrayContaining([
      "--oidc-issuer-url=https://login.example.com/realms/shop",
      "--client-id=farm",
      "--client-secret-file=/run/secrets/client-secret",
      "--email-domain=example.com",
      "--allowed-group=staff",
      "--allowed-group=shop admins",
      "--cookie-expire=2h",
      "--cookie-name=__Host-farm-oidc",
      "--scope=openid email profile",
      "--provider-ca-file=/etc/oauth2-proxy/ca.pem",
    ]),
  );
  expect(args.join(" ")).not.toContain("hidden");
  const anyone = proxyArguments(OidcSettings.parse({ ...provider, emailDomains: undefined }), false);
  expect(anyone).toContain("--email-domain=*");
  expect(anyone.filter((arg) => arg.includes("-ca-"))).toEqual([]);
});
