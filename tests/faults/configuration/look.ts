import { addresses, origin, type TestFarm } from "../../live/farm";

/** The ports of the load balancer that the walk sets. */
export const walkedOrigin = `https://${addresses.manager1}:8443`;

/** The status of an answer. */
export const status = (farm: TestFarm, ...args: readonly string[]): Promise<string> =>
  farm.curl(["-o", "/dev/null", "-w", "%{http_code}", ...args]);

/** Fails unless the application's page answers, which asks nginx, php and mysql. */
export async function expectSite(farm: TestFarm, url = `${origin}/`, authority = farm.authority): Promise<void> {
  expect(await farm.curl([url], authority)).toMatch(/id="visits">\d+</);
}

/** Output of `docker service inspect` for a template below `.Spec`. */
export const spec = (farm: TestFarm, service: string, template: string): Promise<string> =>
  farm.docker("service", "inspect", service, "-f", `{{${template}}}`);

/** Tasks that run by service, e.g. `3/3`. */
export async function replicas(farm: TestFarm): Promise<Readonly<Record<string, string>>> {
  const lines = (await farm.docker("service", "ls", "--format", "{{.Name}} {{.Replicas}}")).split("\n");
  return Object.fromEntries(lines.map((line) => line.split(" ").slice(0, 2) as [string, string]));
}

/** A line for each node, without spaces where a last field is empty. */
export const nodes = async (farm: TestFarm, format: string): Promise<string[]> =>
  (await farm.docker("node", "ls", "--format", format))
    .split("\n")
    .map((line) => line.trim())
    .sort();

/** Output of a command on a node. */
export const on = async (farm: TestFarm, node: string, command: string): Promise<string> =>
  (await farm.ok(["ssh", node, command])).stdout.trim();
