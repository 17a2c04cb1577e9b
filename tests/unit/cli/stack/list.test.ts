import { readFileSync } from "node:fs";
import { join } from "node:path";
import { stack } from "../../../../cli/commands/stack";
import { shippedConfig } from "../../../live/farm";
import { FakeFarm } from "../../../support/fake-farm";

const compose = `services:
  web: { image: "registry.example.com/web:$TAG", ports: ["8088:8080"] }
  db: { image: "registry.example.com/db:11" }
`;

describe("./farm stack list", () => {
  let farm: FakeFarm;
  let printed = "";

  beforeEach(() => {
    farm = new FakeFarm();
    printed = "";
    jest.spyOn(process.stdout, "write").mockImplementation((text) => {
      printed += String(text);
      return true;
    });
    farm.configure(shippedConfig());
    farm.write("apps/shop/compose.yaml", compose);
  });

  afterEach(() => {
    jest.restoreAllMocks();
    farm.remove();
  });

  const written = () => readFileSync(join(farm.home, "Pulumi.dev.yaml"), "utf8");
  const list = async (...others: readonly string[]) =>
    stack.run(farm.context(), { arguments: ["list", ...others], options: {} });

  test("it has a line for each service of each stack, with its image, tasks, ports and routes", async () => {
    await list();
    expect(printed).toBe("the configuration has no stacks: ./farm stack add NAME FILE adds one\n");
    printed = "";
    farm.write(
      "apps/blog/compose.yaml",
      "services:\n  web: { build: app, deploy: { mode: global }, ports: [{ target: 80, published: 81, mode: host }] }\n",
    );
    farm.write("apps/blog/app/Dockerfile", "FROM scratch\n");
    const routes =
      "{ shop: { service: web, port: 8080 }, api: { service: web, port: 8080, path: /v1/, host: '*.a.org' } }";
    farm.configure(
      `${written()}  swarm-farm:stacks:\n    blog: { file: apps/blog/compose.yaml }\n` +
        `    shop: { file: apps/shop/compose.yaml, variables: { TAG: "1.10" }, routes: ${routes} }\n`,
    );
    const before = written();
    await list();
    expect(printed.split("\n").map((line) => line.split(/ {2,}/))).toEqual([
      ["STACK", "SERVICE", "IMAGE", "TASKS", "PORTS", "ROUTES"],
      ["blog", "web", "built from app", "global", "81:80/tcp (host)"],
      ["shop", "db", "registry.example.com/db:11", "1"],
      ["shop", "web", "registry.example.com/web:1.10", "1", "8088:8080/tcp", "/shop/ *.a.org/v1/"],
      [""],
    ]);
    expect(written()).toBe(before);
  });

  test("it names each stack whose files are refused, and how to see why", async () => {
    farm.configure(
      `${written()}  swarm-farm:stacks:\n    shop: { file: apps/shop/compose.yaml }\n    blog: { file: nowhere.yaml }\n`,
    );
    await expect(async () => list()).rejects.toThrow(
      "stack 'shop' has 1 problem: ./farm stack add shop --dry-run reports them\n" +
        "stack 'blog' has 1 problem: ./farm stack add blog --dry-run reports them",
    );
  });

  test("it takes no name", async () => {
    await expect(async () => list("shop")).rejects.toThrow("./farm stack list takes no name: remove 'shop'");
  });
});
