import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { TestFarm } from "../../live/farm";
import { Load } from "../under-load";

/** What the application's page says. */
interface Page {
  readonly visits: number;
  readonly node: string;
  readonly task: string;
  readonly client: string;
}

const origin = "https://10.78.0.11";

/** The LAMP stack behind its load balancer, on a farm that is up. */
export function lampTests(farm: TestFarm): void {
  const docker = async (...args: string[]) => (await farm.ok(["docker", ...args])).stdout.trim();
  const curl = async (...args: string[]) =>
    (await farm.ok(["run", "--", "curl", "-sS", "--max-time", "60", "--cacert", farm.authority, ...args])).stdout;
  const page = async (url = `${origin}/`): Promise<Page> => pageOf(await curl(url));

  beforeAll(async () => {
    writeFileSync(farm.authority, (await farm.withEnv("pulumi stack output authorityCertificate")).stdout);
  });

  test("the application answers on every node under the farm's own certificate, and counts every visit", async () => {
    const first = await page();
    for (const [i, address] of ["10.78.0.11", "10.78.0.21", "10.78.0.22", "10.78.0.23"].entries())
      expect((await page(`https://${address}/`)).visits).toBe(first.visits + i + 1);
  });

  test("requests are spread over both php tasks, and the client's own address arrives", async () => {
    const pages = [];
    for (let i = 0; i < 8; i++) pages.push(await page());
    expect(new Set(pages.map(({ task }) => task)).size).toBe(2);
    // The namespace is the nodes' gateway: nothing between it and the balancer may put its own address there.
    expect(new Set(pages.map(({ client }) => client))).toEqual(new Set(["10.78.0.1"]));
  });

  test("plain HTTP is sent to HTTPS, a stranger's certificate is not trusted, and HTTP/2 is spoken", async () => {
    expect(await curl("-o", "/dev/null", "-w", "%{http_code} %{redirect_url}", "http://10.78.0.11/a?b=c")).toBe(
      "308 https://10.78.0.11/a?b=c",
    );
    expect(await curl("-o", "/dev/null", "-w", "%{http_version}", `${origin}/style.css`)).toBe("2");
    const untrusted = await farm.farm(["run", "--", "curl", "-sS", "--max-time", "20", `${origin}/`]);
    expect(untrusted.output).toMatch(/certificate/i);
  });

  test("hello is behind it too, by its path", async () => {
    expect(await curl(`${origin}/hello/`)).toContain("hello from");
  });

  test("the count survives php and mysql being killed", async () => {
    const before = await page();
    const kill = (service: string, node: string) =>
      farm.ok(["ssh", node, `docker kill $(docker ps -q --filter label=com.docker.swarm.service.name=${service})`]);
    await kill("lamp-php", before.node);
    await kill("lamp-mysql", "worker3");
    expect((await page()).visits).toBe(before.visits + 1);
  });

  test("mysql runs where its data is, php on workers, and only php reaches mysql", async () => {
    const on = async (service: string) =>
      (await docker("service", "ps", service, "--filter", "desired-state=running", "--format", "{{.Node}}")).split(
        "\n",
      );
    expect(await on("lamp-mysql")).toEqual(["worker3"]);
    for (const node of await on("lamp-php")) expect(node).toMatch(/^worker/);
    const networks = async (service: string) =>
      docker("service", "inspect", service, "-f", "{{len .Spec.TaskTemplate.Networks}}");
    expect([await networks("lamp-nginx"), await networks("lamp-php"), await networks("lamp-mysql")]).toEqual([
      "1",
      "2",
      "1",
    ]);
  });

  test("./farm docker service logs shows what php was asked", async () => {
    expect(await docker("service", "logs", "--tail", "20", "lamp-nginx")).toContain("GET /");
  });

  test("a changed file is one rolling update without a failed request, and the old config is gone", async () => {
    const style = join(farm.content, "site", "style.css");
    const configs = (await docker("config", "ls", "-q")).split("\n").length;
    writeFileSync(style, `${readFileSync(style, "utf8")}\n.changed { color: red }\n`);
    const load = Load.start(farm, `${origin}/`, { min: 50, max: 5000 });
    const shown = (await farm.ok(["up"], { shown: true })).output;
    await expectNoFailure(load);
    expect(changes(shown)).toEqual(["lamp-nginx-converged", "lamp-nginx-service", "lamp-nginx-srv-www-style.css"]);
    expect(await curl(`${origin}/style.css`)).toContain(".changed");
    expect((await docker("config", "ls", "-q")).split("\n")).toHaveLength(configs);
  });

  test("a rotated password is one rolling update of each who knows it, without a failed request", async () => {
    const secrets = (await docker("secret", "ls", "--format", "{{.Name}}")).split("\n");
    const before = await page();
    farm.configure((config) => config.replace(/$/, "  swarm-farm:rotate: { mysql: 2 }\n"));
    const load = Load.start(farm, `${origin}/`, { min: 50, max: 5000 });
    await farm.ok(["up"], { shown: true });
    await expectNoFailure(load);
    expect((await page()).visits).toBeGreaterThan(before.visits);
    const now = (await docker("secret", "ls", "--format", "{{.Name}}")).split("\n");
    expect(now).toHaveLength(secrets.length);
    expect(now.filter((name) => name.includes("password") && secrets.includes(name))).toEqual([]);
  });
}

async function expectNoFailure(load: Load): Promise<void> {
  const { sent, failures } = await load.stop();
  expect(failures).toEqual([]);
  expect(sent).toBeGreaterThanOrEqual(50);
}

/** The names of what `up` changed, components left out. */
function changes(output: string): string[] {
  const lines = output.matchAll(/^ +(?:\+-|\+\+|--|\+|-|~) +\S+:\S+:\S+ (\S+) /gm);
  return [...new Set([...lines].map((match) => match[1] ?? ""))].sort();
}

function pageOf(html: string): Page {
  const text = (id: string) => new RegExp(`id="${id}">([^<]*)<`).exec(html)?.[1] ?? "";
  if (text("visits") === "") throw new Error(`this is not the application's page:\n${html}`);
  return { visits: Number(text("visits")), node: text("node"), task: text("task"), client: text("client") };
}
