import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { changedResources, origin, type TestFarm } from "../farm";
import { Load } from "../under-load";
import { pageOf } from "./lamp";

/** Each request costs emulated nodes a tenth of a second of CPU, which they need for the update. */
const gentle = { min: 50, max: 5000, pauseMs: 1500 } as const;

/** The most frequent changes of an application under load: its files and its password. */
export function contentTests(farm: TestFarm): void {
  const visits = async () => pageOf(await farm.curl([`${origin}/`])).visits;

  test("a changed file is one rolling update without a failed request, and the old config is gone", async () => {
    const style = join(farm.content, "site", "style.css");
    const configs = (await farm.docker("config", "ls", "-q")).split("\n").length;
    writeFileSync(style, `${readFileSync(style, "utf8")}\n.changed { color: red }\n`);
    const load = Load.start(farm, `${origin}/`, gentle);
    const shown = (await farm.change()).output;
    await expectNoFailure(load);
    expect(changedResources(shown)).toEqual([
      "lamp-nginx-converged",
      "lamp-nginx-service",
      "lamp-nginx-srv-www-style.css",
    ]);
    expect(await farm.curl([`${origin}/style.css`])).toContain(".changed");
    expect((await farm.docker("config", "ls", "-q")).split("\n")).toHaveLength(configs);
  });

  test("a rotated password is one rolling update of each who knows it, without a failed request", async () => {
    const secrets = (await farm.docker("secret", "ls", "--format", "{{.Name}}")).split("\n");
    const before = await visits();
    farm.configure((config) => config.replace("  swarm-farm:lamp:", "  swarm-farm:rotate: { mysql: 2 }\n$&"));
    const load = Load.start(farm, `${origin}/`, gentle);
    await farm.change();
    await expectNoFailure(load);
    expect(await visits()).toBeGreaterThan(before);
    const now = (await farm.docker("secret", "ls", "--format", "{{.Name}}")).split("\n");
    expect(now).toHaveLength(secrets.length);
    const rotated = /^lamp-(mysql|php)-password/;
    expect(now.filter((name) => rotated.test(name) && secrets.includes(name))).toEqual([]);
  });
}

async function expectNoFailure(load: Load): Promise<void> {
  const { sent, failures } = await load.stop();
  expect(failures).toEqual([]);
  expect(sent).toBeGreaterThanOrEqual(50);
}
