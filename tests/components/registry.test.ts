import type * as pulumi from "@pulumi/pulumi";
import { parseConfig } from "../../stacks/config";
import { Authority } from "../../infra/keys/authority";
import { containerImage } from "../../infra/images/container";
import { Puller } from "../../infra/registry/puller";
import { registriesOf, Registry } from "../../infra/registry/registry";
import { repository } from "../../infra/images/content";
import { planFarm } from "../../infra/net/plan";
import { Swarm } from "../../infra/swarm/swarm";
import { withNames } from "../support/configs";
import { find, listing, record, valueOf, type Registered } from "../support/mocks";
import { farmOf, folders, recipes } from "../support/samples";

let registry: Registry;
let references: Record<string, string>;
let all: Registered[];
let resources: Registered[];

beforeAll(async () => {
  let images: Record<string, pulumi.Output<string>> = {};
  all = await record(() => {
    const raw = withNames("manager1", "worker1");
    const authority = new Authority("authority", { farm: "dev", rotation: 1 });
    const puller = new Puller("registry-login", 1);
    const registries = registriesOf(planFarm(parseConfig(raw), "dev"), puller);
    const swarm = new Swarm("swarm", { farm: farmOf(raw), registries, authority: authority.cert });
    registry = new Registry("registry", { swarm, folders, recipes, authority, puller });
    images = {
      first: registry.image("hello"),
      own: registry.image("nginx"),
      again: registry.image("nginx", undefined, "loadbalancer"),
      other: registry.image("nginx", "nginx:1.29", "front"),
      same: registry.image("php", "docker.io/library/nginx:1.29"),
      farms: registry.image("nginx", "10.77.0.11:5000/test/nginx:1", "front"),
    };
  });
  references = await valueOf(images);
  resources = all.filter(({ parent, name }) => `${parent} ${name}`.includes("registry") && !name.includes("login"));
});

/** The spec of its tasks. */
function containerSpec(): { healthcheck: { tests: string[] }; stopGracePeriod: string } {
  const { taskSpec } = find(resources, "registry-server-service").inputs as {
    taskSpec: { containerSpec: ReturnType<typeof containerSpec> };
  };
  return taskSpec.containerSpec;
}

/** The registry's own configuration. */
function settings(): { http: { draintimeout: string } } {
  const { data } = find(resources, "registry-etc-docker-registry-config.yml").inputs;
  return JSON.parse(Buffer.from(data as string, "base64").toString()) as ReturnType<typeof settings>;
}

test("is an image, a certificate and a service; images are added on demand", () => {
  expect(listing(resources)).toEqual([
    "registry > docker.io.library.nginx.1.29-push: command:local:Command",
    "registry > front-pin: command:local:Command",
    "registry > hello-push: command:local:Command",
    "registry > nginx-push: command:local:Command",
    "registry > registry-cert: docker:index/secret:Secret",
    "registry > registry-certificate: command:local:Command",
    "registry > registry-etc-docker-registry-config.yml: docker:index/serviceConfig:ServiceConfig",
    "registry > registry-htpasswd: docker:index/secret:Secret",
    "registry > registry-image: swarm-farm:images:PreloadedImage",
    "registry > registry-key: docker:index/secret:Secret",
    "registry > registry-server: swarm-farm:service:SwarmService",
    "registry-image > registry-image-manager1-copy: command:remote:CopyToRemote",
    "registry-image > registry-image-manager1-load: command:remote:Command",
    "registry-server > registry-server-converged: command:local:Command",
    "registry-server > registry-server-service: docker:index/service:Service",
    "registry: swarm-farm:registry:Registry",
  ]);
});

test("it runs on the first manager, from the image that was loaded there, on the manager's own port", () => {
  expect(registry.address).toBe("10.77.0.11:5000");
  const service = find(resources, "registry-server-service");
  expect(service.inputs).toMatchObject({
    name: "registry",
    mode: { replicated: { replicas: 1 } },
    updateConfig: { order: "stop-first" },
    endpointSpec: { ports: [{ publishMode: "host", publishedPort: 5000, targetPort: 5000 }] },
    taskSpec: {
      placement: { constraints: ["node.hostname == manager1"] },
      containerSpec: {
        image: containerImage("registry", "/cache", recipes).reference,
        mounts: [
          { type: "volume", source: "registry", target: "/var/lib/registry" },
          { type: "tmpfs", target: "/tmp" },
        ],
      },
    },
  });
  expect(find(resources, "registry-server-service").dependsOn).toContain("registry-image-manager1-load");
});

test("must converge again on another VM", () => {
  expect(find(resources, "registry-server-converged").inputs.triggers).toEqual(["manager1-domain-id"]);
});

test("has a health check without TLS, by one program that leaves no process behind", () => {
  const { healthcheck } = containerSpec();
  expect(healthcheck.tests).toEqual([
    ...["CMD", "busybox", "wget", "-q", "-O", "/dev/null"],
    "http://127.0.0.1:5001/debug/health",
  ]);
  expect(settings()).toMatchObject({
    http: { debug: { addr: "127.0.0.1:5001" } },
    health: { storagedriver: { enabled: true } },
  });
});

test("drains connections before Swarm kills it", () => {
  expect([settings().http.draintimeout, containerSpec().stopGracePeriod]).toEqual(["20s", "30s"]);
});

test("it knows the images that were pushed, those of other registries too", () => {
  expect(registry.images).toEqual(["docker.io.library.nginx.1.29", "hello", "nginx"]);
});

test("its key and its users are secrets that it alone reads", () => {
  expect(find(resources, "registry-server-service").inputs).toMatchObject({
    taskSpec: {
      containerSpec: {
        secrets: ["registry.key", "registry.htpasswd", "registry.crt"].map((fileName) => ({
          fileName,
          fileUid: "5000",
          fileMode: 0o400,
        })),
      },
    },
  });
  const secret = (text: string) => ({ secret: Buffer.from(text).toString("base64") });
  expect(["key", "htpasswd", "cert"].map((noun) => find(resources, `registry-${noun}`).inputs.data)).toEqual([
    secret("private half of registry-certificate\n"),
    secret("registry:$2y$04$hash\n"),
    secret("public half of registry-certificate\n"),
  ]);
  expect(find(resources, "registry-certificate").inputs.environment).toMatchObject({
    NAMES: "DNS:registry.internal,IP:10.77.0.11",
  });
});

test("uses TLS and a password, and its config contains no secret", () => {
  const { data } = find(resources, "registry-etc-docker-registry-config.yml").inputs;
  expect(JSON.parse(Buffer.from(data as string, "base64").toString())).toMatchObject({
    http: { addr: ":5000", tls: { certificate: "/run/secrets/registry.crt", key: "/run/secrets/registry.key" } },
    auth: { htpasswd: { realm: "swarm-farm", path: "/run/secrets/registry.htpasswd" } },
  });
});

test("every node trusts the registries, and finds the farm's, once its Docker answers, a rebuilt one again", () => {
  const { inputs, deletedWith, dependsOn } = find(all, "worker1-report");
  expect(deletedWith).toBe("worker1-domain");
  expect(dependsOn).toContain("worker1-power");
  expect(inputs).toMatchObject({ stdin: "public half of authority-self\n", triggers: ["worker1-domain-id"] });
  expect(inputs.create).toMatch(/^REGISTRIES='registry\.internal:5000=10\.77\.0\.11 10\.77\.0\.11:5000'\n/);
});

/** Inputs of a command that queries the registry, without its script. */
function given(name: string): Record<string, unknown> {
  const { create, ...inputs } = find(resources, name).inputs;
  expect(create).toMatch(/^set -eu\numask 077\n/);
  return inputs;
}

const auth = JSON.stringify({
  auths: {
    "10.77.0.11:5000": { auth: Buffer.from("registry:password of registry-login-generated").toString("base64") },
  },
});
const where = ["10.77.0.11:5000", "public half of authority-self\n", "1-ted-id"];
const CA = "public half of authority-self\n";

test("an image is pushed once for all services, and again when its content or the disk changes", () => {
  const { key } = containerImage("nginx", "/cache", recipes);
  expect(given("nginx-push")).toEqual({
    update: ":",
    logging: "none",
    environment: {
      RUN: `${repository}/images/push`,
      KEY: "/config/signing/image.pub",
      FOLDER: "/cache/images",
      IMAGE: `nginx-${key}`,
      NAME: "nginx",
      REGISTRY: "10.77.0.11:5000",
      CA,
    },
    stdin: { secret: auth },
    triggers: [key, "manager1-domain-id", ...where],
  });
  const reference = `registry.internal:5000/swarm-farm/nginx@sha256:${key}`;
  expect([references.own, references.again]).toEqual([reference, reference]);
});

test("an image of another registry is pushed from the cache, once for every service that names it", () => {
  expect(given("docker.io.library.nginx.1.29-push")).toEqual({
    update: ":",
    logging: "none",
    environment: {
      RUN: `${repository}/images/push-copied`,
      FOLDER: "/cache/images/copies/images",
      IMAGE: "not copied",
      NAME: "docker.io.library.nginx.1.29",
      REGISTRY: "10.77.0.11:5000",
      REFERENCE: "docker.io/library/nginx:1.29",
      CA,
    },
    stdin: { secret: auth },
    triggers: ["not copied", "docker.io/library/nginx:1.29", "manager1-domain-id", ...where],
  });
  expect(references.other).toBe("registry.internal:5000/swarm-farm/docker.io.library.nginx.1.29@sha256:not copied");
  expect(references.same).toBe(references.other);
});

test("an image of the farm's registry is pinned to the digest that it has now, and again when another is named", () => {
  expect(given("front-pin")).toEqual({
    update: ":",
    logging: "none",
    environment: {
      RUN: `${repository}/images/pin`,
      REFERENCE: "10.77.0.11:5000/test/nginx:1",
      REGISTRY: "10.77.0.11:5000",
      REGISTRY_NAME: "registry.internal:5000",
      CA,
    },
    stdin: { secret: auth },
    triggers: ["10.77.0.11:5000/test/nginx:1", ...where],
  });
  expect(references.farms).toBe("10.77.0.11:5000/test/nginx:1@sha256:now");
});

test("ignores changes of local paths alone", () => {
  const here = (...keys: readonly string[]) => ["create", ...keys.map((key) => `environment.${key}`)];
  expect(find(resources, "nginx-push").ignoreChanges).toEqual(here("RUN", "KEY", "FOLDER"));
  expect(find(resources, "front-pin").ignoreChanges).toEqual(here("RUN"));
});

test("images are pushed one after the other: the base that they share travels once", () => {
  expect(find(resources, "nginx-push").dependsOn).toContain("hello-push");
  expect(find(resources, "hello-push").dependsOn).not.toContain("nginx-push");
});

test("nothing is pushed or pinned before the registry serves, to a swarm whose every node trusts it", () => {
  for (const name of ["nginx-push", "front-pin"])
    expect(find(resources, name).dependsOn).toContain("registry-server-converged");
  expect(find(resources, "registry-server-service").dependsOn).toContain("swarm-settings");
});
