import * as pulumi from "@pulumi/pulumi";
import { proxyArguments } from "../../stacks/loadbalancer/oidc/arguments";
import { LoginProxy } from "../../stacks/loadbalancer/oidc/login-proxy";
import { OidcSettings } from "../../stacks/loadbalancer/oidc/schema";
import { answersHttp } from "../../infra/service/health";
import { withNames } from "../support/configs";
import { find, listing, record, type Registered } from "../support/mocks";
import { swarmOf } from "../support/samples";

const config = OidcSettings.parse({
  issuer: "https://login.example.com",
  clientId: "farm",
  clientSecret: "hidden",
  emailDomains: ["example.com"],
});

async function proxy(ca?: string, changes: { rotation?: number; clientSecret?: string } = {}): Promise<Registered[]> {
  const { rotation = 1, clientSecret = config.clientSecret } = changes;
  const all = await record(() => {
    new LoginProxy("loadbalancer-oidc", {
      swarm: swarmOf(withNames("manager1")),
      image: "registry/oauth2-proxy@sha256:1",
      config: { ...config, clientSecret },
      ca,
      rotation,
      networks: [{ id: pulumi.output("edge-id") }],
      after: [],
    });
  });
  return all.filter(({ name }) => name.startsWith("loadbalancer-oidc"));
}

const always = [
  "loadbalancer-oidc > loadbalancer-oidc-client: docker:index/secret:Secret",
  "loadbalancer-oidc > loadbalancer-oidc-cookie-key: command:local:Command",
  "loadbalancer-oidc > loadbalancer-oidc-cookie: docker:index/secret:Secret",
  "loadbalancer-oidc > loadbalancer-oidc-salt: command:local:Command",
  "loadbalancer-oidc > loadbalancer-oidc-server: swarm-farm:service:SwarmService",
  "loadbalancer-oidc-server > loadbalancer-oidc-server-converged: command:local:Command",
  "loadbalancer-oidc-server > loadbalancer-oidc-server-service: docker:index/service:Service",
  "loadbalancer-oidc: swarm-farm:oidc:LoginProxy",
];
const ca = "loadbalancer-oidc > loadbalancer-oidc-etc-oauth2~-proxy-ca.pem: docker:index/serviceConfig:ServiceConfig";

test("it is a service with its two secrets, and with a CA a config", async () => {
  expect(listing(await proxy())).toEqual([...always].sort());
  expect(listing(await proxy("pem"))).toEqual([...always, ca].sort());
});

test("two tasks on the load balancer's networks, without a published port; a new one starts before the old one ends", async () => {
  const { inputs } = find(await proxy(), "loadbalancer-oidc-server-service");
  expect(inputs).toMatchObject({
    name: "loadbalancer-oidc",
    mode: { replicated: { replicas: 2 } },
    taskSpec: {
      containerSpec: {
        image: "registry/oauth2-proxy@sha256:1",
        args: proxyArguments(config, false),
        readOnly: true,
        healthcheck: { tests: ["CMD", ...answersHttp(4180, "/ping").command] },
      },
      networksAdvanceds: [{ id: "edge-id" }],
    },
    updateConfig: { order: "start-first", failureAction: "rollback" },
  });
  expect(inputs).not.toHaveProperty("endpointSpec.ports");
});

test("its secrets are files for its user alone, and stand nowhere else", async () => {
  const resources = await proxy();
  const service = find(resources, "loadbalancer-oidc-server-service").inputs;
  const { taskSpec } = service as {
    taskSpec: { containerSpec: { secrets: { fileName: string; fileUid: string; fileMode: number }[] } };
  };
  expect(
    taskSpec.containerSpec.secrets.map(({ fileName, fileUid, fileMode }) => [fileName, fileUid, fileMode]),
  ).toEqual([
    ["client-secret", "65534", 0o400],
    ["cookie-secret", "65534", 0o400],
  ]);
  expect(JSON.stringify(service)).not.toContain("hidden");
  expect(find(resources, "loadbalancer-oidc-client").inputs.data).toEqual({
    secret: Buffer.from("hidden").toString("base64"),
  });
});

test("another client secret and another rotation are other secrets, whose names reveal nothing", async () => {
  const names = (all: Registered[]) =>
    ["client", "cookie"].map((noun) => find(all, `loadbalancer-oidc-${noun}`).inputs.name);
  const [client, cookie] = names(await proxy());
  expect(client).toMatch(/^loadbalancer-oidc-client-[0-9a-f]{12}$/);
  expect(cookie).toMatch(/^loadbalancer-oidc-cookie-1-/);
  const [other, same] = names(await proxy(undefined, { clientSecret: "another" }));
  expect(other).not.toBe(client);
  expect(same).toBe(cookie);
  const [kept, rotated] = names(await proxy(undefined, { rotation: 2 }));
  expect(kept).toBe(client);
  expect(rotated).toMatch(/^loadbalancer-oidc-cookie-2-/);
});
