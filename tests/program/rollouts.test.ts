import { cpSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as imageContent from "../../infra/images/content";
import { config, differenceBetween, local, only, rolled, secret } from "../support/difference";
import { find, type Registered } from "../support/mocks";
import { repository, runProgram, stackConfig } from "../support/program";

type Config = Record<string, unknown>;

const dev = stackConfig("Pulumi.dev.yaml");

let shipped: readonly Registered[];

beforeAll(async () => {
  shipped = (await runProgram(dev)).resources;
});

/** Changes by a configuration, compared with the shipped one. */
async function changesOf(changes: Config) {
  return differenceBetween(shipped, (await runProgram({ ...dev, ...changes })).resources);
}

/** Changes from the first to the second of two configurations, both on top of the shipped one. */
async function between(first: Config, second: Config) {
  const before = (await runProgram({ ...dev, ...first })).resources;
  return differenceBetween(before, (await runProgram({ ...dev, ...second })).resources);
}

test("services start in the order in which they need each other, the load balancer last", () => {
  const all = ["hello", "lamp-mysql", "lamp-php", "lamp-nginx", "visualizer-gate", "visualizer-page"];
  const waits = (service: string) =>
    all.filter((other) => find(shipped, `${service}-service`).dependsOn.includes(`${other}-converged`));
  expect(Object.fromEntries([...all, "loadbalancer-server"].map((service) => [service, waits(service)]))).toEqual({
    hello: [],
    "lamp-mysql": [],
    "lamp-php": ["lamp-mysql"],
    "lamp-nginx": ["lamp-php"],
    "visualizer-gate": [],
    "visualizer-page": ["visualizer-gate"],
    "loadbalancer-server": all,
  });
});

describe("images", () => {
  /** Runs the shipped configuration with another recipe. */
  async function withRecipe(changed: string) {
    const { contentHash } = imageContent;
    const spy = jest
      .spyOn(imageContent, "contentHash")
      .mockImplementation(
        (...paths: readonly string[]) => `${contentHash(...paths)}${paths.includes(changed) ? "-changed" : ""}`,
      );
    try {
      return differenceBetween(shipped, (await runProgram(dev)).resources);
    } finally {
      spy.mockRestore();
    }
  }

  test("another recipe of php is pushed, and rolls php alone", async () => {
    expect(await withRecipe("stacks/lamp/images/php")).toEqual(
      only(local("registry", "php-push"), ...rolled("lamp-php")),
    );
  });

  test("another recipe of nginx is pushed once, and rolls the web server, the load balancer and the docker socket proxy", async () => {
    expect(await withRecipe("stacks/lamp/images/nginx")).toEqual(
      only(
        local("registry", "nginx-push"),
        ...rolled("lamp-nginx"),
        ...rolled("loadbalancer-server"),
        ...rolled("visualizer-gate"),
      ),
    );
  });

  test("another php by config is pushed instead, rolls php alone, and its last push may go from the registry", async () => {
    const lamp = { php: { image: "php:8.4-fpm" }, sessions: { store: "shared" } };
    expect(await changesOf({ lamp })).toEqual({
      added: [local("registry", "docker.io.library.php.8.4-fpm-push")],
      removed: [local("registry", "php-push")],
      changed: ["cleanup > manager1-cleanup: command:remote:Command", ...rolled("lamp-php")],
    });
  });

  test("sessions that are each task's own end the store, and roll php alone", async () => {
    const { added, removed, changed } = await changesOf({ lamp: { sessions: { store: "task" } } });
    expect([added, changed]).toEqual([
      [],
      ["cleanup > manager1-cleanup: command:remote:Command", ...rolled("lamp-php")],
    ]);
    expect(removed.filter((line) => !/lamp-sessions|sessions\.ini/.test(line))).toEqual([
      local("registry", "valkey-push"),
    ]);
  });

  test("another version of that is pushed, and rolls php alone", async () => {
    const php = (image: string) => ({ lamp: { php: { image } } });
    expect(await between(php("php:8.4-fpm"), php("php:8.5-fpm"))).toEqual({
      added: [local("registry", "docker.io.library.php.8.5-fpm-push")],
      removed: [local("registry", "docker.io.library.php.8.4-fpm-push")],
      changed: ["cleanup > manager1-cleanup: command:remote:Command", ...rolled("lamp-php")],
    });
  });

  test("another image of the load balancer leaves the web server's as it is", async () => {
    expect(await changesOf({ loadbalancer: { image: "nginx:1.29" } })).toEqual({
      added: [local("registry", "docker.io.library.nginx.1.29-push")],
      removed: [],
      changed: ["cleanup > manager1-cleanup: command:remote:Command", ...rolled("loadbalancer-server")],
    });
  });
});

describe("content", () => {
  const folder = mkdtempSync(join(tmpdir(), "content-"));

  beforeEach(() => {
    rmSync(folder, { recursive: true });
    cpSync(join(repository, "stacks/lamp/content"), folder, { recursive: true });
  });

  afterAll(() => {
    rmSync(folder, { recursive: true });
  });

  /** Changes by a file with another content. */
  async function edited(file: string) {
    writeFileSync(join(folder, file), "edited");
    return changesOf({ lamp: { contentDir: folder } });
  }

  test.each([
    ["site/style.css", "lamp-nginx", "lamp-nginx-srv-www-style.css"],
    ["site/index.php", "lamp-php", "lamp-php-srv-www-index.php"],
    ["nginx/nginx.conf", "lamp-nginx", "lamp-nginx-etc-nginx-nginx.conf"],
  ])("an edited %s is another config, and rolls %s alone", async (file, service, name) => {
    expect(await edited(file)).toEqual(only(config("lamp", name), ...rolled(service)));
  });

  test("a new file is a new config, and rolls the service that serves it", async () => {
    expect(await edited("site/new.txt")).toEqual({
      added: [config("lamp", "lamp-nginx-srv-www-new.txt")],
      removed: [],
      changed: rolled("lamp-nginx"),
    });
  });
});

describe("rotation", () => {
  const routes = { lamp: { path: "/", login: true } };

  test("of the database's password replaces the secret of both services that use it, and rolls those two", async () => {
    expect(await changesOf({ rotate: { mysql: 2 } })).toEqual(
      only(
        local("lamp-mysql-credential", "lamp-mysql-credential-generated"),
        secret("lamp", "lamp-mysql-password"),
        secret("lamp", "lamp-php-password"),
        ...rolled("lamp-mysql"),
        ...rolled("lamp-php"),
      ),
    );
  });

  test.each([
    ["nginx", "loadbalancer-logins"],
    ["haproxy", "loadbalancer-haproxy"],
  ])("of the login is another secret for %s, and rolls the load balancer alone", async (implementation, name) => {
    const loadbalancer = { implementation, routes };
    expect(await between({ loadbalancer }, { loadbalancer, rotate: { login: 2 } })).toEqual(
      only(local("edge-login", "edge-login-generated"), secret("loadbalancer", name), ...rolled("loadbalancer-server")),
    );
  });

  test("of a login that no route asks for rolls nothing", async () => {
    const loadbalancer = { routes: { lamp: { path: "/" } } };
    expect(await between({ loadbalancer }, { loadbalancer, rotate: { login: 2 } })).toEqual(
      only(local("edge-login", "edge-login-generated")),
    );
  });

  test("of the registry adds a user beside the previous one, renews the certificate, and updates every service", async () => {
    const { added, removed, changed } = await changesOf({ rotate: { registry: 2 } });
    expect(removed).toEqual([]);
    expect(added).toContain(local("registry-login-2", "registry-login-2-generated"));
    expect(changed).not.toContain(local("registry-login", "registry-login-generated"));
    expect(changed).toContain(local("registry", "registry-certificate"));
    for (const service of ["hello", "lamp-mysql", "registry-server", "loadbalancer-server"])
      expect(changed).toEqual(expect.arrayContaining(rolled(service)));
    const { resources } = await runProgram({ ...dev, rotate: { registry: 2 } });
    expect(find(resources, "registry-htpasswd").inputs.data).toEqual({
      secret: Buffer.from("registry:$2y$04$hash\nregistry-2:$2y$04$hash\n").toString("base64"),
    });
  });

  test("of the registry again removes the oldest user", async () => {
    const { added, removed } = await between({ rotate: { registry: 2 } }, { rotate: { registry: 3 } });
    expect(added).toContain(local("registry-login-3", "registry-login-3-generated"));
    expect(removed).toContain(local("registry-login", "registry-login-generated"));
  });

  test("of the farm's CA: nodes trust both before the registry has a certificate of the new one; no VM changes", async () => {
    const { added, removed, changed } = await changesOf({ rotate: { authority: 2 } });
    expect(removed).toEqual([]);
    expect(added).toEqual([local("authority", "authority-self-2")]);
    expect(changed).toEqual(
      expect.arrayContaining([local("registry", "registry-certificate"), local("swarm", "loadbalancer-certificate")]),
    );
    expect(changed.filter((line) => /domain|disk|seed|join|init/.test(line))).toEqual([]);
    const { resources } = await runProgram({ ...dev, rotate: { authority: 2 } });
    expect(find(resources, "worker1-report").inputs.stdin).toBe(
      "public half of authority-self\npublic half of authority-self-2\n",
    );
    expect(find(resources, "registry-cert").dependsOn).toContain("swarm-settings");
    expect(find(resources, "swarm-settings").dependsOn).toContain("worker1-report");
  });

  test("of the certificate issues it again", async () => {
    expect((await changesOf({ rotate: { certificate: 2 } })).changed).toContain(
      local("swarm", "loadbalancer-certificate"),
    );
  });
});
