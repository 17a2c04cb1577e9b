import { mark } from "../../infra/service/swarm-resource-options";
import { answersHttp } from "../../infra/service/health";
import * as pulumi from "@pulumi/pulumi";
import { givenCertificate, type Certificate } from "../../infra/keys/authority";
import { Login } from "../../infra/keys/login";
import { haproxyConfig } from "../../stacks/loadbalancer/haproxy";
import { nginxConfig } from "../../stacks/loadbalancer/nginx";
import type { LoadBalancerPlan } from "../../stacks/loadbalancer/base/types";
import { LoadBalancer } from "../../stacks/loadbalancer/loadbalancer";
import { planOf, planWith } from "../support/balancer";
import { withStacks } from "../support/configs";
import { find, listing, record, type Registered } from "../support/mocks";
import { swarmOf } from "../support/samples";

/** A route with a login is among them. */
const guarded = planOf({ httpsPort: 8443 });
const open = planWith({ hello: { path: "/" } });

async function balancer(
  implementation: "nginx" | "haproxy",
  plan: LoadBalancerPlan,
  rotation = 1,
  certificates: Readonly<Record<string, Certificate>> = {},
): Promise<Registered[]> {
  const all = await record(() => {
    new LoadBalancer("loadbalancer", {
      swarm: swarmOf(withStacks()),
      implementation,
      image: "registry/balancer@sha256:1",
      plan,
      httpPort: 8180,
      certificate: givenCertificate("cert", "key"),
      certificates,
      login: new Login("edge-login", { username: "admin", rotation }),
      networks: [{ id: pulumi.output("edge-id") }],
      after: [],
    });
  });
  return all.filter(({ name }) => name.startsWith("loadbalancer"));
}

test.each(["nginx", "haproxy"] as const)(
  "further certificates are secrets of their own for %s",
  async (implementation) => {
    const certificates = { shop: givenCertificate("shop cert", "shop key") };
    const named = { ...open, certificates: [{ name: "shop", hosts: ["shop.example.org"] }] };
    const resources = await balancer(implementation, named, 1, certificates);
    expect(secretsIn(resources)).toEqual(expect.arrayContaining(["tls.pem 33 400", "tls-shop.pem 33 400"]));
    const { name, data } = find(resources, "loadbalancer-tls-shop").inputs;
    expect(name).toMatch(/^loadbalancer-tls-shop-[0-9a-f]{8}$/);
    expect(JSON.stringify(data)).toContain(Buffer.from("shop cert\nshop key\n").toString("base64"));
    const lists = listing(resources).filter((line) => line.includes("certificates.list"));
    expect(lists).toHaveLength(implementation === "haproxy" ? 1 : 0);
  },
);

const always = [
  "loadbalancer > loadbalancer-server: swarm-farm:service:SwarmService",
  "loadbalancer > loadbalancer-tls: docker:index/secret:Secret",
  "loadbalancer-server > loadbalancer-server-converged: command:local:Command",
  "loadbalancer-server > loadbalancer-server-service: docker:index/service:Service",
  "loadbalancer: swarm-farm:loadbalancer:LoadBalancer",
];
const config = "loadbalancer > loadbalancer-etc-nginx-nginx.conf: docker:index/serviceConfig:ServiceConfig";
const secret = (noun: string) => `loadbalancer > loadbalancer-${noun}: docker:index/secret:Secret`;

function containerOf(resources: Registered[]): Record<string, unknown> {
  const { taskSpec } = find(resources, "loadbalancer-server-service").inputs as {
    taskSpec: { containerSpec: Record<string, unknown> };
  };
  return taskSpec.containerSpec;
}

/** The secrets that its tasks find, each with its user. */
function secretsIn(resources: Registered[]): string[] {
  const secrets = containerOf(resources).secrets as { fileName: string; fileUid: string; fileMode: number }[];
  return secrets.map(({ fileName, fileUid, fileMode }) => `${fileName} ${fileUid} ${fileMode.toString(8)}`);
}

const encoded = (text: string) => Buffer.from(text).toString("base64");

describe("with nginx", () => {
  let resources: Registered[];

  beforeAll(async () => {
    resources = await balancer("nginx", guarded);
  });

  test("is a service, its config and its secrets; without a login it has no secret of logins", async () => {
    expect(listing(resources)).toEqual([...always, config, secret("logins")].sort());
    expect(listing(await balancer("nginx", open))).toEqual([...always, config].sort());
  });

  test("it is on every node, on the node's own ports, one after the other", () => {
    expect(find(resources, "loadbalancer-server-service").inputs).toMatchObject({
      name: "loadbalancer",
      mode: { global: true },
      taskSpec: {
        containerSpec: {
          image: "registry/balancer@sha256:1",
          readOnly: true,
          mounts: [{ type: "tmpfs", target: "/tmp" }],
          healthcheck: {
            tests: ["CMD", ...answersHttp(8080, "/healthz").command],
          },
        },
        networksAdvanceds: [{ id: "edge-id" }],
      },
      updateConfig: { order: "stop-first", parallelism: 1, failureAction: "rollback" },
      endpointSpec: {
        ports: [
          { protocol: "tcp", publishMode: "host", publishedPort: 8180, targetPort: 8080 },
          { protocol: "tcp", publishMode: "host", publishedPort: 8443, targetPort: 8443 },
        ],
      },
    });
  });

  test("certificate and key are one secret, and so are the logins; their config contains neither", () => {
    expect(find(resources, "loadbalancer-tls").inputs).toEqual({
      name: expect.stringMatching(/^loadbalancer-tls-[0-9a-f]{8}$/),
      data: { secret: encoded("cert\nkey\n") },
      labels: [mark()],
    });
    expect(find(resources, "loadbalancer-logins").inputs).toEqual({
      name: "loadbalancer-logins-1-ted-id",
      data: { secret: encoded("admin:$5$rounds=1000$hash\n") },
      labels: [mark()],
    });
    expect(secretsIn(resources)).toEqual(["tls.pem 33 400", "logins 33 400"]);
    expect(find(resources, "loadbalancer-etc-nginx-nginx.conf").inputs.data).toBe(encoded(nginxConfig(guarded)));
    expect(containerOf(resources)).toMatchObject({ configs: [{ fileName: "/etc/nginx/nginx.conf" }] });
    expect(containerOf(resources)).not.toHaveProperty("args");
  });
});

describe("with HAProxy", () => {
  let resources: Registered[];

  beforeAll(async () => {
    resources = await balancer("haproxy", guarded);
  });

  test("it is a service and its secrets: its users stand in its configuration", () => {
    expect(listing(resources)).toEqual([...always, secret("haproxy")].sort());
    expect(find(resources, "loadbalancer-haproxy").inputs.data).toEqual({
      secret: encoded(haproxyConfig(guarded, "admin:$5$rounds=1000$hash\n")),
    });
    expect(secretsIn(resources)).toEqual(["tls.pem 33 400", "haproxy.cfg 33 400"]);
    expect(containerOf(resources)).toMatchObject({ args: ["-f", "/run/secrets/haproxy.cfg"] });
    expect(containerOf(resources)).not.toHaveProperty("configs");
  });

  test("its configuration has another name for another plan and for another password, and nothing of either in it", async () => {
    const name = (from: Registered[]) => find(from, "loadbalancer-haproxy").inputs.name;
    expect(name(resources)).toMatch(/^loadbalancer-haproxy-1-ted-id-[0-9a-f]{8}$/);
    const others = [await balancer("haproxy", open), await balancer("haproxy", guarded, 2)];
    expect(new Set([...others, resources].map(name)).size).toBe(3);
  });

  test("without a login no user is in it", async () => {
    const { data } = find(await balancer("haproxy", open), "loadbalancer-haproxy").inputs as {
      data: { secret: string };
    };
    expect(Buffer.from(data.secret, "base64").toString()).toBe(haproxyConfig(open, ""));
  });
});
