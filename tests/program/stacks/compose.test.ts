import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { tmpdir } from "node:os";
import { relative } from "node:path";
import { checkAll } from "../../../stacks/config";
import { repository } from "../../support/sources";
import { withStacks } from "../../support/configs";
import { find } from "../../support/mocks";
import { runProgram } from "../../support/program";

let folder: string;
let file: string;

const compose = (port: number) => `services:
  web:
    image: swarm-farm/hello
    ports: ["${String(port)}:8080"]
`;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "compose-"));
  writeFileSync(join(folder, "compose.yaml"), compose(8099));
  writeFileSync(join(folder, "other.yaml"), compose(8099));
  writeFileSync(join(folder, "bad.yaml"), "services:\n  web:\n    image: Nginx\n  db:\n    image: 'mysql:'\n");
  writeFileSync(join(folder, "built.yaml"), "services: {web: {build: app}, admin: {build: ./app/}}\n");
  writeFileSync(
    join(folder, "own.yaml"),
    "services:\n  web:\n    image: swarm-farm/helo\n  own: {build: own}\n  too: {build: own}\n",
  );
  for (const [name, text] of [
    ["app", "FROM swarm-farm/base\n"],
    ["own", "# base\nFROM swarm-farm/base:1\n"],
  ] as const) {
    mkdirSync(join(folder, name));
    writeFileSync(join(folder, name, "Dockerfile"), text);
  }
  file = join(relative(repository, folder), "compose.yaml");
});

afterAll(() => {
  rmSync(folder, { recursive: true });
});

const shop = (more: object = {}) => ({ shop: { file, ...more } });
const check =
  (stacks: object, changes: object = {}) =>
  () =>
    checkAll(withStacks({ stacks, ...changes }), repository, ["stacks.shop.variables.TOKEN"]);

test("a stack of the configuration has its services, its route and its URL", async () => {
  const routes = { shop: { service: "web", port: 8080 } };
  const { resources, outputs } = await runProgram(withStacks({ stacks: shop({ routes }) }));
  expect(find(resources, "stack-shop-web-service").inputs).toMatchObject({
    name: "shop_web",
    taskSpec: { containerSpec: { image: expect.stringMatching(/\/swarm-farm\/hello@sha256:/) } },
  });
  expect(outputs.urls).toMatchObject({ shop: "https://10.77.0.11/shop/", shop_web: "tcp://10.77.0.11:8099" });
});

test("only a service with a route is on the load balancer's network, and one that publishes a port waits until it is free", async () => {
  writeFileSync(
    join(folder, "two.yaml"),
    `services:
  web: { image: swarm-farm/hello, ports: ["8099:8080"] }
  db: { image: swarm-farm/hello, profiles: [data] }
`,
  );
  const stack = {
    file: file.replace("compose.yaml", "two.yaml"),
    profiles: ["data"],
    routes: { shop: { service: "web", port: 8080 } },
  };
  const { resources } = await runProgram(withStacks({ stacks: shop(stack) }));
  const networks = (key: string) => {
    const { taskSpec } = find(resources, `stack-shop-${key}-service`).inputs as {
      taskSpec: { networksAdvanceds: { id: string }[] };
    };
    return taskSpec.networksAdvanceds.map(({ id }) => id);
  };
  expect(networks("web")).toContain("edge-network-id");
  expect(networks("db")).not.toContain("edge-network-id");
  expect(find(resources, "stack-shop-web-service").dependsOn).toContain("published-ports");
  expect(find(resources, "stack-shop-db-service").dependsOn).not.toContain("published-ports");
});

test("a volume takes the place of a folder that the configuration names", async () => {
  writeFileSync(
    join(folder, "folders.yaml"),
    "services: { web: { image: swarm-farm/hello, volumes: ['./data:/data'] } }\n",
  );
  const stack = { file: file.replace("compose.yaml", "folders.yaml"), folders: { "./data": "pages" } };
  const { resources } = await runProgram(withStacks({ stacks: shop(stack) }));
  const { taskSpec } = find(resources, "stack-shop-web-service").inputs as {
    taskSpec: { containerSpec: { mounts: object[] } };
  };
  expect(taskSpec.containerSpec.mounts).toMatchObject([{ type: "volume", source: "shop_pages", target: "/data" }]);
});

test("a service with several published ports has an address for each that the mesh answers by TCP", async () => {
  writeFileSync(
    join(folder, "ports.yaml"),
    `services:
  web:
    image: swarm-farm/hello
    ports: ["8090-8091:8090-8091", "8092:53/udp", { target: 8093, published: 8093, mode: host }]
`,
  );
  const { outputs } = await runProgram(
    withStacks({ stacks: shop({ file: file.replace("compose.yaml", "ports.yaml") }) }),
  );
  const own = Object.entries(outputs.urls as object).filter(([name]) => name.startsWith("shop"));
  expect(Object.fromEntries(own)).toEqual({
    "shop_web:8090": "tcp://10.77.0.11:8090",
    "shop_web:8091": "tcp://10.77.0.11:8091",
  });
});

test("services with the same build run one image of the farm's registry, also where nothing is built yet", async () => {
  const { resources } = await runProgram(
    withStacks({ stacks: shop({ file: file.replace("compose.yaml", "built.yaml") }) }),
  );
  const pushes = resources.filter(({ name }) => /^shop_.*-push$/.test(name));
  expect(pushes.map(({ name }) => name)).toEqual(["shop_app-push"]);
  const images = ["web", "admin"].map((key) => {
    const { taskSpec } = find(resources, `stack-shop-${key}-service`).inputs as {
      taskSpec: { containerSpec: { image: string } };
    };
    return taskSpec.containerSpec.image;
  });
  expect(images[0]).toMatch(/^registry\.internal:5000\/swarm-farm\/shop_app@sha256:/);
  expect(images[1]).toBe(images[0]);
});

test("an image that a Dockerfile or a service expects in this repository must exist", () => {
  const own = { file: file.replace("compose.yaml", "own.yaml") };
  expect(check({ own })).toThrow(
    /own\.yaml:3: services\.web\.image: 'swarm-farm\/helo' is no image of this repository's recipes; they are [^;]*swarm-farm\/base, [^]*own\/Dockerfile:2: 'swarm-farm\/base:1': the images of this repository's recipes have no tags; write 'swarm-farm\/base'/,
  );
});

test("a removed stack leaves nothing of it", async () => {
  const { resources } = await runProgram(withStacks({ stacks: {} }));
  expect(resources.filter(({ name }) => name.startsWith("stack-"))).toEqual([]);
});

test("two stacks cannot publish one port, nor that of the farm's own", () => {
  const other = { file: file.replace("compose.yaml", "other.yaml") };
  expect(check({ ...shop(), other })).toThrow(/other\.yaml:4: has port 8099, which .*compose\.yaml:4 uses/);
  expect(check(shop(), { hello: { port: 8099 } })).toThrow(/has port 8099/);
});

test("all problems of a file are reported at once with their lines", () => {
  const bad = { file: file.replace(basename(file), "bad.yaml") };
  expect(check({ bad })).toThrow(
    /bad\.yaml:3: services\.web\.image: 'Nginx' is no image[^]*bad\.yaml:5: services\.db\.image/,
  );
});

test("a route leads to a service of the file, has a name of its own, and needs the load balancer", () => {
  const route = (name: string, service = "web") => shop({ routes: { [name]: { service, port: 80 } } });
  expect(check(route("shop", "wbe"))).toThrow("stacks.shop.routes.shop.service: is 'wbe'");
  expect(check(route("lamp"))).toThrow("stacks.shop.routes.lamp: is a route of a stack of the farm already");
  expect(check(route("shop"), { loadbalancer: undefined })).toThrow("needs the load balancer");
});
