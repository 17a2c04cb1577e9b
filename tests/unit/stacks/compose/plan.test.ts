import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { plan, rules } from "../../../../stacks/compose/plan";
import { isSecretVariable, read, type Applications } from "../../../../stacks/compose/read";
import { Stacks, type StacksConfig } from "../../../../stacks/compose/schema";

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "stacks-compose-"));
});

afterEach(() => {
  rmSync(folder, { recursive: true });
});

const recipes = ["base", "hello"];

/** The value of `stacks` with its defaults. */
function stacksOf(stacks: object): StacksConfig {
  const config = Stacks.parse(stacks);
  if (config === undefined) throw new Error("there are no stacks");
  return config;
}

/** Result of reading stack `shop` with this compose file. */
function shop(compose: string, more: object = {}, secrets: readonly string[] = []) {
  writeFileSync(join(folder, "shop.yaml"), compose);
  const config = stacksOf({ shop: { file: "shop.yaml", ...more } });
  return { config, ...read(config, folder, secrets, recipes) };
}

/** The same for files without a problem. */
function planOf(compose: string, more: object = {}) {
  const { config, files, problems } = shop(compose, more);
  expect(problems).toEqual([]);
  return plan(config, files);
}

const problemsOf = (compose: string, more: object = {}) =>
  shop(compose, more).problems.map(({ path, message }) => `${path}: ${message}`);

test("images of other registries are copied, those of this repository are built, each with its position in the file", () => {
  const { images, copies } = planOf("services:\n  web: { image: swarm-farm/hello }\n  db:\n    image: mysql:8.4\n");
  expect(images).toEqual(["hello"]);
  expect(copies).toEqual([{ reference: "mysql:8.4", at: "shop.yaml:4: services.db.image" }]);
});

test("services with one build share it, and its base images are built before", () => {
  mkdirSync(join(folder, "app"));
  writeFileSync(join(folder, "app", "Dockerfile"), "FROM swarm-farm/base\n");
  const { images, copies, builds } = planOf(
    "services: { web: { build: app }, job: { build: ./app }, own: { image: a:1 } }\n",
  );
  expect(builds?.map(({ stack, services }) => ({ stack, services }))).toEqual([
    { stack: "shop", services: ["job", "web"] },
  ]);
  expect(images).toContain("base");
  expect(copies?.map(({ reference }) => reference)).toEqual(["a:1"]);
});

test("what only the docker plugin that is built here can set is named with its line", () => {
  const web = "image: a:1, tty: true, stdin_open: false, ulimits: { nofile: 9 }, pids_limit: 5";
  const db = "{ resources: { limits: { pids: 9 } } }";
  const file = `services:\n  web: { ${web} }\n  db:\n    image: b:1\n    deploy: ${db}\n    healthcheck: { test: a, start_interval: 1s }\n`;
  expect(planOf(file).builtPluginKeys).toEqual([
    "shop.yaml:5: services.db.deploy.resources.limits.pids",
    "shop.yaml:6: services.db.healthcheck.start_interval",
    "shop.yaml:2: services.web.tty",
    "shop.yaml:2: services.web.ulimits",
    "shop.yaml:2: services.web.pids_limit",
  ]);
  const plain =
    "tty: false, stdin_open: false, ulimits: {}, pids_limit: -1, healthcheck: { test: [NONE], start_interval: 1s }";
  expect(planOf(`services: { web: { image: a:1, ${plain} } }`).builtPluginKeys).toEqual([]);
});

test("published ports are known with their protocol and line, so that no other stack takes them", () => {
  const ports = ["8080:80", "53:53/udp", "9000"].map((port) => `      - "${port}"\n`).join("");
  const host = "      - { target: 81, published: 8081, mode: host }\n";
  expect(planOf(`services:\n  web:\n    image: a:1\n    ports:\n${ports}${host}`).ports).toEqual([
    { routes: [], service: "shop_web", port: undefined, protocol: "tcp", host: false, key: "shop.yaml:7" },
    { routes: [], service: "shop_web", port: 53, protocol: "udp", host: false, key: "shop.yaml:6" },
    { routes: [], service: "shop_web", port: 8080, protocol: "tcp", host: false, key: "shop.yaml:5" },
    { routes: [], service: "shop_web", port: 8081, protocol: "tcp", host: true, key: "shop.yaml:8" },
  ]);
});

test("placement counts constraints, replicas and reservations; a one-shot service frees its reservations", () => {
  const deploy = "{ mode: global, placement: { constraints: [node.labels.ssd == true] } }";
  const reserved = "{ replicas: 3, resources: { reservations: { cpus: '0.5', memory: 256M } } }";
  const job = "{ restart_policy: { condition: none } }";
  const { placements } = planOf(
    `services:\n  a: { image: a:1, deploy: ${deploy} }\n  b: { image: a:1, deploy: ${reserved} }\n  c: { image: a:1, deploy: ${job} }\n`,
  );
  expect(placements).toMatchObject([
    {
      service: "shop_a",
      replicas: "global",
      constraints: [{ constraint: "node.labels.ssd == true", key: "shop.yaml:2" }],
      ends: false,
    },
    { service: "shop_b", replicas: 3, reservations: { cpus: 0.5, memoryMiB: 256 }, key: "shop.yaml:3" },
    { service: "shop_c", replicas: 1, ends: true },
  ]);
});

test("a route has its name as its path unless it says another, and leads to the stack's service", () => {
  const routes = {
    shop: { service: "web", port: 80 },
    pay: { service: "web", port: 81, host: "*.a.org", path: "/p/", login: true },
  };
  const { routes: paths, targets } = planOf("services: { web: { image: a:1 } }\n", { routes });
  expect(paths).toEqual({ shop: { path: "/shop/", login: false }, pay: { host: "*.a.org", path: "/p/", login: true } });
  expect(targets).toEqual({
    shop: { kind: "service", service: "shop_web", port: 80 },
    pay: { kind: "service", service: "shop_web", port: 81 },
  });
});

test("before the files are read only routes are known", () => {
  const config = stacksOf({ shop: { file: "missing.yaml", routes: { shop: { service: "web", port: 80 } } } });
  expect(plan(config)).toMatchObject({ images: [], ports: [], placements: [], routes: { shop: { path: "/shop/" } } });
});

test("two stacks cannot have the same route, and the message names the first stack", () => {
  const routes = { web: { service: "web", port: 80 } };
  const config = stacksOf({ blog: { file: "a.yaml", routes }, shop: { file: "b.yaml", routes } });
  const edge = { protocol: "http", key: "loadbalancer" } as const;
  expect(
    rules(config, { edge, targets: { web: { kind: "service", service: "shop_web", port: 80 } } }, ["lamp"]),
  ).toEqual([{ path: "stacks.shop.routes.web", message: "is a route of stack 'blog' already; choose another name" }]);
});

test.each(["nginx", "nginx:latest", "registry.example:5000/web"])(
  "the image %s is copied as docker would pull it, although it names no version",
  (image) => {
    const { copies } = planOf(`services:\n  web:\n    image: ${image}\n`);
    expect(copies).toEqual([{ reference: image, at: "shop.yaml:3: services.web.image" }]);
  },
);

test("a route to a service that its profiles leave out is refused with the services that there are", () => {
  const compose = "services: { web: { image: a:1 }, admin: { image: a:1, profiles: [tools] } }\n";
  const routes = { admin: { service: "admin", port: 80 } };
  expect(problemsOf(compose, { routes })).toEqual([
    "stacks.shop.routes.admin.service: is 'admin', which the compose file does not have; services: 'web'",
  ]);
  expect(problemsOf(compose, { routes, profiles: ["tools"] })).toEqual([]);
});

test("a route to a service on the node's own network is refused: the load balancer's cannot be its second", () => {
  const compose = "services:\n  web:\n    image: a:1\n    network_mode: host\n";
  expect(problemsOf(compose)).toEqual([]);
  expect(problemsOf(compose, { routes: { shop: { service: "web", port: 80 } } })).toEqual([
    "stacks.shop.routes.shop.service: is 'web', which is on the node's network (shop.yaml:4) and so on none with the load balancer; remove the one or the other",
  ]);
});

test("a relative folder is refused until the configuration gives it a volume, or makes its files configs", () => {
  mkdirSync(join(folder, "site"));
  writeFileSync(join(folder, "site", "index.html"), "hello");
  const compose = "services: { web: { image: a:1, volumes: ['./site:/srv'] } }\n";
  expect(problemsOf(compose)).toEqual([expect.stringMatching(/^stacks\.shop: shop\.yaml:1: services\.web\.volumes/)]);
  const mountsOf = (source: string) => {
    const { files, problems } = shop(compose, { folders: { "./site": source } });
    expect(problems).toEqual([]);
    const [web] = files.shop?.services ?? [];
    return { volumes: web?.mounts.map(({ type }) => type), configs: web?.configs.map(({ target }) => target) };
  };
  expect(mountsOf("site")).toEqual({ volumes: ["volume"], configs: [] });
  expect(mountsOf(":ro")).toEqual({ volumes: [], configs: ["/srv/index.html"] });
});

test("problems of one file do not hide those of another stack", () => {
  writeFileSync(join(folder, "blog.yaml"), "services: { web: { image: a:1, privileged: true } }\n");
  const config = stacksOf({ blog: { file: "blog.yaml" }, shop: { file: "none.yaml" } });
  const { files, problems } = read(config, folder, [], recipes);
  expect(Object.keys(files)).toEqual([]);
  expect(problems.map(({ path }) => path)).toEqual(["stacks.blog", "stacks.shop"]);
});

test.each([
  ["stacks.shop.variables.TOKEN", true],
  ["stacks.shop.variables", true],
  ["stacks", true],
  ["stacks.shop.variables.TOKEN_URL", false],
  ["stacks.shopping", false],
])("with %s secret, the variable TOKEN is secret: %p", (path, is) => {
  expect(isSecretVariable("shop", "TOKEN", [path])).toBe(is);
});

test("a secret variable is not in the values that commands read of an application", () => {
  const compose = "services: { web: { image: a:1, environment: { TOKEN: $TOKEN, TAG: $TAG } } }\n";
  const variables = { TOKEN: "hunter2-hunter2", TAG: "x1" };
  const { files } = shop(compose, { variables }, ["stacks.shop.variables.TOKEN"]);
  const text = JSON.stringify((files satisfies Applications).shop?.services);
  expect(text).not.toContain("hunter2");
  expect(text).toContain('"x1"');
});
