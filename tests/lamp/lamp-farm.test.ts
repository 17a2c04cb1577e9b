import { existsSync } from "node:fs";
import { join } from "node:path";
import { TestFarm } from "../live/farm";
import { secretsTest } from "../live/parts/secrets";
import { nodeNames } from "../live/parts/swarm";
import { balancerTests } from "./parts/balancer";
import { lampTests } from "./parts/lamp";
import { updateTests } from "./parts/updates";
import { visualizerTests } from "./parts/visualizer";

const minute = 60_000;

/** Building the farm from nothing under software emulation, on two busy cores. */
jest.setTimeout(30 * minute);

/** The shipped LAMP farm, brought up once; the tests run in order and share it. */
describe("the LAMP farm", () => {
  const farm = new TestFarm("test-lamp");
  let shown = "";

  beforeAll(async () => {
    farm.configureAsShipped("lamp");
    shown = (await farm.ok(["up"], { shown: true })).output;
  });

  afterAll(async () => {
    if (existsSync(join(farm.home, "s", "swarm-farm", farm.stack))) await farm.farm(["destroy"]);
    farm.remove();
  });

  test("up ends with the addresses of its pages", () => {
    const table = shown.slice(shown.lastIndexOf("NODE"));
    expect(table).toMatch(/https:\/\/127\.0\.0\.1:\d+\/ +lamp/);
    expect(table).toMatch(/https:\/\/127\.0\.0\.1:\d+\/visualizer\/ +visualizer/);
  });

  lampTests(farm);
  visualizerTests(farm);
  secretsTest(farm, () => shown, nodeNames);

  test("a second up changes nothing, and what is there is what was asked for", async () => {
    const again = await farm.ok(["up"]);
    expect(again.output.slice(again.output.lastIndexOf("Resources:"))).toMatch(/^Resources:\n +\d+ unchanged\n/);
    const refreshed = await farm.ok(["preview", "--refresh", "--expect-no-changes"]);
    expect(refreshed.output).toMatch(/\d+ unchanged/);
  });

  updateTests(farm);
  balancerTests(farm);
});
