import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { ComposeStack, type ComposeStackArgs } from "../../infra/compose/compose-stack";
import { withNames } from "../support/configs";
import { find, listing, record, type Registered } from "../support/mocks";
import { swarmOf } from "../support/samples";

const shop = `
services:
  web:
    image: shop/web:1
    environment: { B: "2", A: "1" }
    ports: ["8090:80"]
    configs: [page]
    secrets: [token]
    networks: [front, shared]
    depends_on:
      migrate: { condition: service_completed_successfully }
      db: { condition: service_healthy }
  db:
    image: shop/db:1
    volumes: ["data:/data"]
    deploy: { placement: { constraints: [node.labels.db==true] } }
  migrate:
    image: shop/web:1
    command: migrate now
    depends_on: [db]
networks: { front: {}, shared: { external: true } }
volumes: { data: {} }
configs: { page: { content: hello } }
secrets: { token: { content: "$TOKEN" } }
`;

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "compose-stack-"));
  writeFileSync(join(folder, "compose.yaml"), shop);
});

afterAll(() => {
  rmSync(folder, { recursive: true });
});

/** Resources that a stack registers besides the farm. */
async function stackOf(args: Partial<ComposeStackArgs> = {}): Promise<Registered[]> {
  let failed: unknown;
  const all = await record(() => {
    const variables = { TOKEN: pulumi.secret("hush") };
    try {
      new ComposeStack("shop", {
        swarm: swarmOf(withNames("manager1")),
        folder,
        file: "compose.yaml",
        variables,
        ...args,
      });
    } catch (error) {
      failed = error;
    }
  });
  if (failed !== undefined) throw failed as Error;
  return all.filter(({ name }) => name.startsWith("shop"));
}

test("an image that only `./farm up` builds must be given, and nothing is declared without one", async () => {
  writeFileSync(join(folder, "Dockerfile"), "FROM scratch\n");
  writeFileSync(join(folder, "built.yaml"), "services:\n  web:\n    build: .\n");
  await expect(stackOf({ file: "built.yaml" })).rejects.toThrow(
    "stack 'shop' has 1 problem:\n  built.yaml:3: services.web.build: only './farm up' builds images, for the stacks of its configuration; name the image in 'image', or give it with 'add'",
  );
  const resources = await stackOf({ file: "built.yaml", add: () => ({ image: "shop/web:1" }) });
  expect(find(resources, "shop-web-service").inputs).toMatchObject({
    taskSpec: { containerSpec: { image: "shop/web:1" } },
  });
});

test("a compose file becomes services, networks, configs and secrets", async () => {
  expect(listing(await stackOf())).toEqual([
    "shop > shop-db: swarm-farm:service:SwarmService",
    "shop > shop-default-network: docker:index/network:Network",
    "shop > shop-front-network: docker:index/network:Network",
    "shop > shop-migrate: swarm-farm:service:SwarmService",
    "shop > shop-page-config: docker:index/serviceConfig:ServiceConfig",
    "shop > shop-salt: command:local:Command",
    "shop > shop-shared-network: command:local:Command",
    "shop > shop-token-secret: docker:index/secret:Secret",
    "shop > shop-web: swarm-farm:service:SwarmService",
    "shop-db > shop-db-converged: command:local:Command",
    "shop-db > shop-db-service: docker:index/service:Service",
    "shop-migrate > shop-migrate-converged: command:local:Command",
    "shop-migrate > shop-migrate-service: docker:index/service:Service",
    "shop-web > shop-web-converged: command:local:Command",
    "shop-web > shop-web-service: docker:index/service:Service",
    "shop: swarm-farm:compose:ComposeStack",
  ]);
});

test("names and labels are those of docker stack deploy", async () => {
  const all = await stackOf();
  expect(find(all, "shop-web-service").inputs).toMatchObject({
    name: "shop_web",
    labels: expect.arrayContaining([
      { label: "com.docker.stack.image", value: "shop/web:1" },
      { label: "com.docker.stack.namespace", value: "shop" },
    ]),
    taskSpec: { containerSpec: { image: "shop/web:1", env: { A: "1", B: "2" } } },
    endpointSpec: { ports: [{ targetPort: 80, publishedPort: 8090 }] },
  });
  expect(find(all, "shop-front-network").inputs).toMatchObject({ name: "shop_front", driver: "overlay" });
  expect(find(all, "shop-page-config").inputs.name).toMatch(/^shop_page-[0-9a-f]{12}$/);
  expect(find(all, "shop-db-service").inputs).toMatchObject({
    taskSpec: { placement: { constraints: ["node.labels.db == true"] } },
  });
});

test("depends_on is the order of resources", async () => {
  const all = await stackOf();
  const after = (name: string) => find(all, name).dependsOn.filter((each) => each.startsWith("shop-"));
  expect(after("shop-web-service")).toEqual(expect.arrayContaining(["shop-db-converged", "shop-migrate-converged"]));
  expect(after("shop-migrate-service")).toContain("shop-db-service");
  expect(after("shop-migrate-service")).not.toContain("shop-db-converged");
});

test("a service that another waits for until it has completed is started once", async () => {
  expect(find(await stackOf(), "shop-migrate-service").inputs).toMatchObject({
    taskSpec: { restartPolicy: { condition: "none" }, containerSpec: { args: ["migrate", "now"] } },
  });
});

test("a secret variable is secret, and its name reveals nothing of it", async () => {
  const { inputs } = find(await stackOf(), "shop-token-secret");
  expect(inputs.data).toEqual({ secret: Buffer.from("hush").toString("base64") });
  expect(inputs.name).toMatch(/^shop_token-[0-9a-f]{12}$/);
});

test("a secret of a file has the file's bytes, whatever they are", async () => {
  const bytes = Buffer.from([0, 255, 10]);
  writeFileSync(join(folder, "key.bin"), bytes);
  writeFileSync(
    join(folder, "file.yaml"),
    "services:\n  web:\n    image: a:1\n    secrets: [key]\nsecrets: { key: { file: key.bin } }\n",
  );
  const { inputs } = find(await stackOf({ file: "file.yaml", variables: {} }), "shop-key-secret");
  expect(inputs.data).toEqual({ secret: bytes.toString("base64") });
});

test("a preview warns of a variable and a preference that are left out, and of options that stay", async () => {
  writeFileSync(
    join(folder, "unset.yaml"),
    `services:
  web:
    image: a:1
    environment: [ONLY, A=1]
    deploy: { placement: { preferences: [{ spread: zone }] } }
networks:
  default: { driver_opts: { encrypted: "true" } }
`,
  );
  const warn = jest.spyOn(pulumi.log, "warn").mockResolvedValue();
  const { taskSpec } = find(await stackOf({ file: "unset.yaml", variables: {} }), "shop-web-service").inputs as {
    taskSpec: { containerSpec: { env: unknown }; placement: { prefs?: unknown } };
  };
  expect(taskSpec.containerSpec.env).toEqual({ A: "1" });
  expect(taskSpec.placement.prefs).toBeUndefined();
  expect(warn.mock.calls.map(([text]) => text)).toEqual([
    "unset.yaml:7: networks.default.driver_opts: they are set when the network is created, and a later change of them is neither shown nor made; give the network another name or key with a change of them",
    "unset.yaml:4: services.web.environment.ONLY: 'ONLY' has no value and is left out: the container has it only if its image sets it; set 'ONLY' under 'variables' of the stack in the configuration",
    "unset.yaml:5: services.web.deploy.placement.preferences: Swarm spreads tasks over labels alone, and ignores 'zone'; write e.g. 'node.labels.zone'",
  ]);
  warn.mockRestore();
});

test("a preview warns of a variable that is not set, and of data that a task would leave behind", async () => {
  writeFileSync(
    join(folder, "remarks.yaml"),
    `services:
  web:
    image: a:1
    environment: { GREETING: "$GREETING" }
    volumes:
      - "data:/data"
      - "shared:/shared"
      - "/srv:/srv"
  pinned:
    image: a:1
    volumes: ["data:/data"]
    deploy: { placement: { constraints: [node.labels.db == true] } }
  everywhere:
    image: a:1
    volumes: ["data:/data"]
    deploy: { mode: global }
volumes:
  data: {}
  shared: { driver_opts: { type: nfs, o: "addr=10.0.0.9", device: ":/srv" } }
`,
  );
  const warn = jest.spyOn(pulumi.log, "warn").mockResolvedValue();
  await stackOf({ file: "remarks.yaml", variables: {} });
  expect(warn.mock.calls.map(([text]) => text)).toEqual([
    "remarks.yaml:4: services.web.environment.GREETING: the variable 'GREETING' is not set: it is empty, as with docker; set 'GREETING' under 'variables' of the stack in the configuration, or write '$$GREETING' for a dollar sign",
    "remarks.yaml:6: services.web.volumes: the data in 'shop_data' stays on the node that runs the task, and a task elsewhere begins with an empty volume; add a constraint that holds on one node, e.g. 'node.labels.db == true'",
  ]);
  warn.mockRestore();
});

test("every problem is reported with its position, before anything is declared", async () => {
  writeFileSync(
    join(folder, "bad.yaml"),
    "services:\n  web:\n    image: a\n    cap_add: [FLY]\n    cap_drop: [SWIM]\n    privileged: true\n",
  );
  await expect(stackOf({ file: "bad.yaml" })).rejects.toThrow(
    /bad\.yaml:4: .*FLY[^]*bad\.yaml:5: .*SWIM[^]*bad\.yaml:6: /,
  );
});
