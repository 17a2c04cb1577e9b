import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { dashboards } from "../../../../cli/commands/dashboards";
import { FakeFarm, printed } from "../../../support/fake-farm";

let farm: FakeFarm;
beforeEach(() => {
  farm = new FakeFarm({ pulumi: "exit 255" });
});
afterEach(() => {
  farm.remove();
});

const configured = (keys: object) => {
  const config = { nodes: { manager1: { role: "manager" } }, loadbalancer: {}, ...keys };
  const named = Object.fromEntries(Object.entries(config).map(([key, value]) => [`swarm-farm:${key}`, value]));
  farm.configure(JSON.stringify({ config: named }));
};
const run = (...words: readonly string[]) =>
  printed(() => Promise.resolve(dashboards.run(farm.context(), { arguments: words, options: {} })));

test("without a folder all are printed as JSON, by name, without asking the farm", async () => {
  configured({ monitoring: { scrapeSeconds: 60 } });
  const all = JSON.parse(await run()) as Record<string, { uid: string }>;
  expect(Object.entries(all).map(([name, { uid }]) => [name, uid])).toEqual(
    ["farm", "node", "service", "route"].map((name) => [name, `swarm-farm-${name}`]),
  );
  expect(JSON.stringify(all)).toContain('"interval":"60s"');
  expect(farm.calls).toEqual([]);
});

test("a folder gets a file of each, which the next time replaces, and their paths are printed", async () => {
  configured({ monitoring: {} });
  const folder = join(farm.home, "a", "b");
  const files = ["farm", "node", "service", "route"].map((name) => `swarm-farm-${name}.json`);
  expect(await run(folder)).toBe(files.map((file) => `${join(folder, file)}\n`).join(""));
  expect(await run(folder)).toContain("swarm-farm-node.json");
  expect(readdirSync(folder).sort()).toEqual([...files].sort());
  expect(JSON.parse(readFileSync(join(folder, "swarm-farm-node.json"), "utf8"))).toMatchObject({ title: "Node" });
});

test("panels are about what the configuration measures", async () => {
  configured({ monitoring: {}, loadbalancer: undefined });
  expect(Object.keys(JSON.parse(await run()) as object)).toEqual(["farm", "node", "service"]);
  configured({ monitoring: {}, logs: {} });
  expect(await run()).toContain("vlagent_remotewrite_pending_data_bytes");
});

test("a farm that is not monitored is refused with the key to add", async () => {
  configured({});
  await expect(run()).rejects.toThrow(
    "the farm measures nothing: add swarm-farm:monitoring: {} to Pulumi.dev.yaml, then ./farm up",
  );
});

test("a folder that cannot be made is refused with the reason", async () => {
  configured({ monitoring: {} });
  const file = farm.write("file", "mine");
  await expect(run(join(file, "below"))).rejects.toThrow(
    /^the dashboards cannot be written to .*: ENOTDIR.*; name another folder$/,
  );
  expect(existsSync(file)).toBe(true);
});
