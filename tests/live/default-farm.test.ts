import { endedWell, smallConfig, TestFarm } from "./farm";
import { expectNothingLeft } from "./nothing-left";
import { composeTests } from "./parts/compose";
import { contentTests } from "./parts/content";
import { lampTests } from "./parts/lamp";
import { nodeTests } from "./parts/nodes";
import { openPortTests } from "./parts/open-ports";
import { ownProgramTests } from "./parts/own-program";
import { secretsTest } from "./parts/secrets";
import { sessionTests } from "./parts/sessions";
import { nodeNames, swarmTests } from "./parts/swarm";
import { visualizerTests } from "./parts/visualizer";

const minute = 60_000;

/** Building the farm from nothing under software emulation, on two busy cores. */
jest.setTimeout(25 * minute);

/** The shipped configuration, brought up once; the tests run in order and share it. */
describe("the default farm", () => {
  const farm = new TestFarm("test-live");
  let shown = "";

  beforeAll(async () => {
    farm.configureAsShipped();
    shown = (await farm.ok(["up"], { shown: true })).output;
    await farm.trustAuthority();
  });

  afterAll(() => farm.end());

  test("up ends with the nodes, their patch level and the pages' addresses", () => {
    const table = shown.slice(shown.search(/^NODE +ROLE/m));
    for (const name of nodeNames) expect(table).toMatch(new RegExp(`^${name} `, "m"));
    expect(table).toMatch(/^worker3 +worker +10\.77\.0\.23 +db=true/m);
    expect(table).toMatch(/debian 13\.\d+ · 6\.\S+ · docker \d+/);
    expect(table).toMatch(/http:\/\/127\.0\.0\.1:\d+\/? +hello/);
    expect(table).toMatch(/https:\/\/127\.0\.0\.1:\d+\/ +lamp/);
    expect(table).toMatch(/https:\/\/127\.0\.0\.1:\d+\/visualizer\/ +visualizer/);
  });

  describe("its swarm", () => {
    swarmTests(farm, () => shown);
  });
  lampTests(farm);
  sessionTests(farm);
  visualizerTests(farm, () => shown);
  secretsTest(farm, () => shown, nodeNames);
  openPortTests(farm);

  test("a second up changes nothing", async () => {
    const again = await farm.ok(["up"]);
    expect(again.output).toMatch(/^nothing to update$/m);
  });

  test("the actual resources match the configuration, also for plain pulumi", async () => {
    const preview = await farm.withEnv("pulumi preview --refresh --expect-no-changes --non-interactive");
    expect(preview.output).toMatch(/\d+ unchanged/);
    expect(preview.status).toBe(0);
  });

  contentTests(farm);

  test("removed stacks leave nothing in the swarm, and the database keeps its data", async () => {
    farm.configure((config) => config.replace(/^ {2}swarm-farm:(lamp|loadbalancer|visualizer|rotate):.*\n/gm, ""));
    await farm.change();
    const names = async (...args: string[]) => (await farm.docker(...args, "--format", "{{.Name}}")).split("\n").sort();
    expect(await names("service", "ls")).toEqual(["hello", "registry"]);
    const left = [
      ...(await names("network", "ls")),
      ...(await names("config", "ls")),
      ...(await names("secret", "ls")),
    ];
    expect(left.filter((name) => /lamp|edge|loadbalancer|visualizer/.test(name))).toEqual([]);
    const volumes = (await farm.ok(["ssh", "worker3", "docker volume ls -q"])).stdout;
    expect(volumes.split("\n")).toContain("mysql");
  });

  // The services beside hello are enough from here on: each node has a quarter of a slow machine's CPU.
  ownProgramTests(farm, () => {
    composeTests(farm);
  });
  nodeTests(farm);

  test("destroy leaves nothing, and a farm can be built again", async () => {
    const namespace = await farm.namespace();
    expect(namespace).toMatch(/^farm-test-live-/);
    await farm.ok(["destroy"]);
    await expectNothingLeft(farm, namespace);

    // One node is enough to see it, the smallest farm there is; this time with plain pulumi.
    farm.configureAs({ ...smallConfig({ solo1: { role: "manager" } }), hello: { port: 8081 } });
    await farm.change();
    const answer = await farm.tryCurl(["-f", "http://10.77.0.11:8081/"]);
    expect(answer.stdout).toContain("hello from solo1");
    const destroy = "pulumi destroy --yes --skip-preview --non-interactive";
    endedWell(destroy, await farm.withEnv(destroy));
    await expectNothingLeft(farm, namespace);
  });
});
