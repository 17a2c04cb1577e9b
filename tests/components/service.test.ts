import fc from "fast-check";
import { mark } from "../../infra/service/swarm-resource-options";
import { configFiles, secretFile } from "../../infra/service/files";
import { SwarmService } from "../../infra/service/service";
import { withNames } from "../support/configs";
import { find, listing, record, valueOf, type Registered } from "../support/mocks";
import { swarmOf } from "../support/samples";
import * as pulumi from "@pulumi/pulumi";

const spec = {
  image: "web:1",
  mode: { replicas: 2 },
  limits: { cpus: 1, memoryMiB: 64 },
  reservations: { cpus: 0.1, memoryMiB: 32 },
  health: { command: ["true"] },
  update: { order: "start-first" },
} as const;

/** Resources registered in a swarm of one node, without the swarm itself. */
async function recordInSwarm(make: (swarm: ReturnType<typeof swarmOf>) => void): Promise<Registered[]> {
  const all = await record(() => {
    make(swarmOf(withNames("manager1")));
  });
  const others = await record(() => swarmOf(withNames("manager1")));
  const known = new Set(listing(others));
  return all.filter((resource) => !known.has(listing([resource])[0] ?? ""));
}

/** How all that lives in the swarm is made. */
const inside = {
  provider: "swarm-docker",
  deletedWith: "manager1-domain",
  replacementTrigger: "stdout of swarm-init",
};

describe("SwarmService", () => {
  let service: SwarmService;
  let resources: Registered[];

  beforeAll(async () => {
    resources = await recordInSwarm((swarm) => {
      service = new SwarmService("front", { swarm, service: "web", spec });
    });
  });

  test("is a service, and the wait for its tasks", () => {
    expect(listing(resources)).toEqual([
      "front > front-converged: command:local:Command",
      "front > front-service: docker:index/service:Service",
      "front: swarm-farm:service:SwarmService",
    ]);
  });

  test("lives in the swarm, under one name at a time", () => {
    expect(find(resources, "front-service")).toMatchObject({
      ...inside,
      inputs: { name: "web", mode: { replicated: { replicas: 2 } } },
      deleteBeforeReplace: true,
      ignoreChanges: [],
      hideDiffs: ["taskSpec.containerSpec.sysctl"],
    });
  });

  test("must converge again after every change", async () => {
    const wait = find(resources, "front-converged");
    expect(wait).toMatchObject({
      deletedWith: "manager1-domain",
      dependsOn: expect.arrayContaining(["front-service"]),
    });
    expect(wait.inputs.stdin).toMatch(/^front-service-id [0-9a-f]{16}$/);
    expect(await valueOf(service.converged)).toBe("stdout of front-converged");
    const changed = await recordInSwarm((swarm) => {
      new SwarmService("front", { swarm, service: "web", spec: { ...spec, image: pulumi.output("web:2") } });
    });
    expect(find(changed, "front-converged").inputs.stdin).not.toBe(wait.inputs.stdin);
    expect({ ...find(changed, "front-converged").inputs, stdin: "" }).toEqual({ ...wait.inputs, stdin: "" });
  });
});

describe("every setting of the vocabulary", () => {
  const referred = { id: "i", name: "n" };
  const all = {
    image: pulumi.secret("web:1"),
    env: { B: pulumi.secret("b"), A: "a" },
    sysctls: { "net.core.somaxconn": "1024" },
    labels: { team: "web" },
    configs: [{ config: referred, target: "/a" }],
    ports: [{ target: 80, published: 8080, count: 2 }],
    logging: { driver: "journald" },
  } as const;
  let resources: Registered[];

  beforeAll(async () => {
    resources = await recordInSwarm((swarm) => {
      new SwarmService("front", { swarm, service: "web", spec: all });
      new SwarmService("migration", { swarm, spec: { image: "a", oneShot: true } });
      new SwarmService("report", { swarm, spec: { image: "a", job: { schedule: "@daily" } } });
    });
  });

  test("makes no other resource than the least does", () => {
    expect(listing(resources)).toEqual([
      "front > front-converged: command:local:Command",
      "front > front-service: docker:index/service:Service",
      "front: swarm-farm:service:SwarmService",
      "migration > migration-converged: command:local:Command",
      "migration > migration-service: docker:index/service:Service",
      "migration: swarm-farm:service:SwarmService",
      // It has no task to wait for.
      "report > report-service: docker:index/service:Service",
      "report: swarm-farm:service:SwarmService",
    ]);
  });

  test("keeps secrets secret, and the farm's label beside others", () => {
    expect(find(resources, "front-service").inputs).toMatchObject({
      labels: [{ label: "team", value: "web" }, mark()],
      taskSpec: { secret: { containerSpec: { image: "web:1", env: { A: "a", B: "b" } } } },
    });
  });

  test("a change of sysctls is shown where some are set", () => {
    expect(find(resources, "front-service").hideDiffs).toEqual([]);
  });

  test("a one-shot service converges once its tasks have ended", () => {
    expect(find(resources, "migration-converged").inputs.create).toContain("have ended with 0");
    expect(find(resources, "front-converged").inputs.create).not.toContain("have ended with 0");
  });
});

test("a spec that Docker would refuse is one error, with every problem", async () => {
  await expect(
    recordInSwarm((swarm) => {
      new SwarmService("web", { swarm, spec: { image: "", ports: [{ target: 0 }] } });
    }),
  ).rejects.toThrow(/^service 'web': image is ''.*\nservice 'web': ports\[0\]\.target is '0'; allowed: a port/);
});

test("a service in `after` converges before the service is created", async () => {
  const resources = await recordInSwarm((swarm) => {
    const first = new SwarmService("first", { swarm, service: "first", spec });
    new SwarmService("second", { swarm, service: "second", spec, after: [first] });
  });
  expect(find(resources, "second-service").dependsOn).toEqual(expect.arrayContaining(["first-converged"]));
  expect(find(resources, "first-service").dependsOn).not.toContain("second-converged");
});

describe("configFiles", () => {
  const files = [
    { path: "/srv/www/css/main.css", content: "a" },
    { path: "/srv/www/css-main.css", content: "a" },
    { path: "/etc/nginx/nginx.conf", content: Buffer.from([0, 255]) },
  ];
  let resources: Registered[];

  beforeAll(async () => {
    resources = await recordInSwarm((swarm) => configFiles("web", { swarm, files }, swarm));
  });

  test("are one config each, named by path and content, created before the old one is deleted", () => {
    const labels = [mark()];
    expect(resources.map(({ name, inputs }) => [name, inputs])).toEqual([
      [
        "web-etc-nginx-nginx.conf",
        { name: expect.stringMatching(/^web-etc-nginx-nginx\.conf-[0-9a-f]{6}-[0-9a-f]{12}$/), data: "AP8=", labels },
      ],
      [
        "web-srv-www-css-main.css",
        { name: expect.stringMatching(/^web-srv-www-css-main\.css-[0-9a-f]{6}-ca978112ca1b$/), data: "YQ==", labels },
      ],
      [
        "web-srv-www-css~-main.css",
        { name: expect.stringMatching(/^web-srv-www-css-main\.css-[0-9a-f]{6}-ca978112ca1b$/), data: "YQ==", labels },
      ],
    ]);
    expect(new Set(resources.map(({ inputs }) => inputs.name)).size).toBe(3);
    for (const resource of resources) expect(resource).toMatchObject({ ...inside, deleteBeforeReplace: false });
  });

  test("no two files have one name, neither here nor in the swarm, which takes 64 characters", async () => {
    const path = fc
      .array(fc.stringMatching(/^[A-Za-z0-9äé ._~-]{1,40}$/), { minLength: 1, maxLength: 3 })
      .map((parts) => `/${parts.join("/")}`);
    const file = fc.record({ path, content: fc.constantFrom("a", "b") });
    await fc.assert(
      fc.asyncProperty(fc.uniqueArray(file, { selector: (one) => one.path, maxLength: 60 }), async (some) => {
        const made = await record(() =>
          configFiles(
            "lamp-nginx",
            { swarm: swarmOf(withNames("manager1")), files: some },
            new pulumi.ComponentResource("a:b:c", "top"),
          ),
        );
        const configs = made.filter(({ type }) => type.endsWith(":ServiceConfig"));
        expect(new Set(configs.map(({ name }) => name)).size).toBe(some.length);
        expect(new Set(configs.map(({ inputs }) => inputs.name)).size).toBe(some.length);
        for (const { inputs } of configs) expect(inputs.name).toMatch(/^[A-Za-z0-9][A-Za-z0-9_.-]{0,62}[A-Za-z0-9]$/);
      }),
      { numRuns: 5 },
    );
  });
});

test("a secret is named by its version, is one wherever it stands, and made before the old is gone", async () => {
  const resources = await recordInSwarm((swarm) => {
    secretFile("db-password", { swarm, file: "password", uid: 33, value: "plain", version: "2-abc" }, swarm);
  });
  expect(listing(resources)).toEqual(["swarm > db-password: docker:index/secret:Secret"]);
  expect(resources[0]).toMatchObject({
    ...inside,
    inputs: { name: "db-password-2-abc", data: { secret: Buffer.from("plain").toString("base64") } },
    secretOutputs: expect.arrayContaining(["data"]),
    deleteBeforeReplace: false,
  });
});
