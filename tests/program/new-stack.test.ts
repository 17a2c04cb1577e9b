import { rmSync } from "node:fs";
import { join } from "node:path";
import { parseWith } from "../../infra/config/parse";
import type { Stack } from "../../stacks/contract";
import { stacks } from "../../stacks/index";
import { recipesOf } from "../../stacks/plans";
import { surfaceOf } from "../../stacks/surface";
import { withStacks, type RawConfig } from "../support/configs";
import { find } from "../support/mocks";
import { runProgram, type Run } from "../support/program";
import { shopFolder, shopOf } from "../support/stack-folder";

describe("a stack in a new folder, with one line in stacks/index.ts,", () => {
  let folder: string;
  let shop: Stack;
  let list: readonly Stack[];
  let run: Run;

  beforeAll(async () => {
    folder = shopFolder();
    shop = shopOf(folder);
    list = [...stacks.slice(0, -1), shop, ...stacks.slice(-1)];
    run = await runProgram(withStacks({ shop: {}, rotate: { voucher: 2 } }), "dev", list);
  });

  afterAll(() => {
    rmSync(folder, { recursive: true });
  });

  const refused = (changes: RawConfig) => () => parseWith(withStacks(changes), surfaceOf(list));

  test("has its keys in the configuration, with their defaults", () => {
    const config: Record<string, unknown> = { ...parseWith(withStacks({ shop: {} }), surfaceOf(list)) };
    expect(config.shop).toEqual({ port: 8090, greeting: "welcome" });
    expect(config.rotate).toMatchObject({ voucher: 1, mysql: 1, registry: 1 });
  });

  test("has unknown keys, wrong values and taken ports refused", () => {
    expect(refused({ shop: { colour: "red" } })).toThrow("shop.colour: is no known key");
    expect(refused({ shop: { port: "x" } })).toThrow('shop.port: is "x"; must be a number');
    expect(refused({ lamp: { port: 8081 }, shop: { port: 8081 } })).toThrow(
      "shop.port: has port 8081, which lamp.port uses; choose another, e.g. 8080",
    );
  });

  test("has its port refused beside a route with a login, since the route is the only way to its service", () => {
    const loadbalancer = { routes: { shop: { path: "/shop/", login: true } } };
    expect(refused({ shop: {}, loadbalancer })).toThrow(
      "shop.port: publishes 8090 on every node, beside the route 'shop' with login",
    );
  });

  test("has its image among those to build where it is deployed", () => {
    const recipe = { name: "shop", folder: join(folder, "images", "shop") };
    expect(recipesOf(list, { shop: {} })).toContainEqual(recipe);
    expect(recipesOf(list, {})).not.toContainEqual(recipe);
  });

  test("has its service deployed before the load balancer, from its image in the farm's registry", () => {
    expect(find(run.resources, "shop-service").inputs).toMatchObject({
      name: "shop",
      taskSpec: {
        containerSpec: {
          image: expect.stringMatching(/^registry\.internal:5000\/swarm-farm\/shop@sha256:/),
          env: { GREETING: "welcome" },
        },
      },
    });
    expect(find(run.resources, "loadbalancer-server-service").dependsOn).toContain("shop-converged");
    expect(find(run.resources, "published-ports").inputs.stdin).toContain("shop 8090\n");
  });

  test("has its URL in the outputs, by its route", () => {
    expect(run.outputs.urls).toMatchObject({ shop: "https://10.77.0.11/shop/" });
  });

  test("may have another route, as every stack", async () => {
    const routes = { shop: { host: "shop.example", path: "/" }, hello: { path: "/" } };
    const { outputs } = await runProgram(withStacks({ shop: {}, loadbalancer: { routes } }), "dev", list);
    expect(outputs.urls).toMatchObject({ shop: "https://shop.example/" });
  });
});
