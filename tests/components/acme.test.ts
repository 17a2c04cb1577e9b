import { givenCertificate } from "../../infra/keys/authority";
import { AcmeKeys } from "../../infra/keys/acme";
import { Login } from "../../infra/keys/login";
import * as pulumi from "@pulumi/pulumi";
import { AcmeClient, certificateUrl } from "../../stacks/loadbalancer/acme/acme-client";
import { servedFile } from "../../stacks/loadbalancer/acme/files";
import { LoadBalancer } from "../../stacks/loadbalancer/loadbalancer";
import { Acme } from "../../stacks/loadbalancer/acme/schema";
import { planWith } from "../support/balancer";
import { withStacks } from "../support/configs";
import { find, listing, record, type Registered } from "../support/mocks";
import { swarmOf } from "../support/samples";
import { acmeAccount } from "../support/states";

const settings = { email: "me@example.com", agreeToTerms: true };

async function deployed(
  implementation: "nginx" | "haproxy",
  acme: object = {},
  rotation = 1,
  drainSeconds?: number,
): Promise<Registered[]> {
  const config = Acme.parse({ ...settings, ...acme });
  const all = await record(() => {
    const swarm = swarmOf(withStacks());
    const keys = new AcmeKeys("loadbalancer-acme-keys", { names: ["shop.example.com"], rotation });
    const networks = [{ id: pulumi.output("edge-id") }];
    const { service } = new LoadBalancer("loadbalancer", {
      ...{ swarm, implementation, networks, after: [] },
      image: "registry/acme-balancer@sha256:1",
      plan: { ...planWith({ hello: { path: "/" } }), certificateFile: servedFile, drainSeconds },
      httpPort: 80,
      certificate: givenCertificate("cert", "key"),
      acme: {
        keys,
        url: certificateUrl("loadbalancer-acme"),
        ...(config.dns ? {} : { thumbprint: keys.thumbprint }),
      },
      login: new Login("edge-login", { username: "admin", rotation: 1 }),
    });
    new AcmeClient("loadbalancer-acme", {
      ...{ swarm, config, keys, networks, balancer: "loadbalancer", after: [service] },
      image: "registry/acme@sha256:1",
      ca: config.ca && "root of the directory",
    });
  });
  return all.filter(({ name }) => name.startsWith("loadbalancer"));
}

interface Container {
  readonly secrets: readonly { readonly fileName: string; readonly fileUid: string; readonly fileMode: number }[];
  readonly configs: readonly { readonly fileName: string }[];
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

function containerOf(resources: Registered[], service: string): Container {
  const { taskSpec } = find(resources, `${service}-server-service`).inputs as {
    taskSpec: { containerSpec: Container };
  };
  return taskSpec.containerSpec;
}

const secretsOf = ({ secrets }: Container) =>
  secrets.map(({ fileName, fileUid, fileMode }) => `${fileName} ${fileUid} ${fileMode.toString(8)}`);

const decoded = ({ inputs }: Registered) => Buffer.from(String(inputs.data), "base64").toString();

test("the client is one task, on any node, that has the account's key and the request, and no volume", async () => {
  const resources = await deployed("nginx");
  expect(listing(resources).filter((line) => /^loadbalancer-acme(-server)? /.test(line))).toEqual([
    "loadbalancer-acme > loadbalancer-acme-account: docker:index/secret:Secret",
    "loadbalancer-acme > loadbalancer-acme-etc-acme-request.pem: docker:index/serviceConfig:ServiceConfig",
    "loadbalancer-acme > loadbalancer-acme-server: swarm-farm:service:SwarmService",
    "loadbalancer-acme-server > loadbalancer-acme-server-converged: command:local:Command",
    "loadbalancer-acme-server > loadbalancer-acme-server-service: docker:index/service:Service",
  ]);
  const container = containerOf(resources, "loadbalancer-acme");
  expect(secretsOf(container)).toEqual(["account.key 65534 400"]);
  expect(container).not.toHaveProperty("mounts");
  expect(container.args).toEqual([
    ...["-directory", "https://acme-v02.api.letsencrypt.org/directory", "-email", "me@example.com"],
    ...["-balancers", "tasks.loadbalancer:8443"],
  ]);
  expect(find(resources, "loadbalancer-acme-server-service").inputs).toMatchObject({
    mode: { replicated: { replicas: 1 } },
    updateConfig: { order: "stop-first" },
  });
  expect(find(resources, "loadbalancer-acme-server-service").dependsOn).toContain("loadbalancer-server-service");
});

test("a directory's CA is a file, and credentials of DNS are a secret whose version reveals nothing", async () => {
  const dns = { provider: "cloudflare", settings: { CLOUDFLARE_DNS_API_TOKEN: "topsecret" } };
  const resources = await deployed("nginx", { ca: "root.pem", directory: "https://ca.example/d", dns });
  const container = containerOf(resources, "loadbalancer-acme");
  expect(container.args.slice(-4)).toEqual(["-ca", "/etc/acme/ca.pem", "-dns", "cloudflare"]);
  expect(container.configs.map(({ fileName }) => fileName)).toEqual(["/etc/acme/request.pem", "/etc/acme/ca.pem"]);
  expect(secretsOf(container)).toEqual(["account.key 65534 400", "dns.json 65534 400"]);
  const { inputs } = find(resources, "loadbalancer-acme-dns");
  expect(inputs.data).toEqual({ secret: Buffer.from('{"CLOUDFLARE_DNS_API_TOKEN":"topsecret"}').toString("base64") });
  expect(inputs.name).toMatch(/^loadbalancer-acme-dns-[0-9a-f]{12}$/);
  const text = JSON.stringify(resources.map((one) => (one.name === "loadbalancer-acme-dns" ? "" : one)));
  expect(text).not.toContain("topsecret");
  // By DNS-01 no token is asked for.
  expect(decoded(find(resources, "loadbalancer-etc-nginx-nginx.conf"))).not.toContain("acme-challenge");
});

test.each([
  ["nginx", "HUP", "SIGQUIT", "/usr/sbin/nginx"],
  ["haproxy", "USR2", "SIGUSR1", "/usr/sbin/haproxy"],
] as const)(
  "%s serves what a loop beside it fetches, with the key as a secret",
  async (kind, reload, stop, program) => {
    const resources = await deployed(kind);
    const container = containerOf(resources, "loadbalancer");
    expect(container).toMatchObject({
      commands: expect.arrayContaining(["/usr/local/bin/serve-certificate", reload, program]) as unknown,
      stopSignal: stop,
      env: {
        URL: "http://loadbalancer-acme:8080/certificate",
        KEYS: "/run/secrets/acme.key",
        INTERIM: "/run/secrets/tls.pem",
        SERVED: servedFile,
      },
      mounts: expect.arrayContaining([
        expect.objectContaining({ type: "volume", source: "loadbalancer-certificate", target: "/var/lib/certificate" }),
      ]) as unknown,
    });
    expect(secretsOf(container)).toEqual(expect.arrayContaining(["tls.pem 33 400", "acme.key 33 400"]));
    expect(find(resources, "loadbalancer-acme-key").inputs.data).toEqual({
      secret: Buffer.from("private half of loadbalancer-acme-keys-private\n").toString("base64"),
    });
  },
);

test("with a grace it is the handover that stops a balancer, whose loop keeps its settings", async () => {
  const container = containerOf(await deployed("nginx", {}, 1, 60), "loadbalancer");
  expect(container).toMatchObject({
    stopSignal: "SIGURG",
    env: { DRAIN_SIGNAL: "QUIT", URL: "http://loadbalancer-acme:8080/certificate" },
  });
});

test("every balancer answers tokens by the account's thumbprint", async () => {
  const nginx = decoded(find(await deployed("nginx"), "loadbalancer-etc-nginx-nginx.conf"));
  expect(nginx).toContain(`return 200 "$token.${acmeAccount.thumbprint}";`);
  const { inputs } = find(await deployed("haproxy"), "loadbalancer-haproxy");
  const { secret } = inputs.data as { secret: string };
  expect(Buffer.from(secret, "base64").toString()).toContain(`.${acmeAccount.thumbprint} if `);
});

test("after a rotation the balancers have the previous key too", async () => {
  const container = containerOf(await deployed("nginx", {}, 2), "loadbalancer");
  expect(container.env.KEYS).toBe("/run/secrets/acme.key /run/secrets/acme-previous.key");
  expect(secretsOf(container)).toContain("acme-previous.key 33 400");
});
