import type { Context } from "../context/context";
import { inFarm } from "../hypervisor/enter";
import { run } from "../process/run";
import type { Outputs } from "../pulumi/outputs";

type Farm = Pick<Context, "stack" | "folders">;

/** The answer of a route. */
export interface RouteFact {
  readonly name: string;
  readonly url: string;
  /** The HTTP status; 0 without an answer. */
  readonly status: number;
  /** How long the answer took. */
  readonly seconds: number;
}

/** The first page of a service may take a while on a slow machine. */
const timeoutSeconds = 30;

/**
 * Sends one request through each route in parallel, to `address`, since host names may not resolve yet. A published port of a compose
 * file (`tcp://…`) may speak any protocol, and is not asked.
 */
export async function askRoutes(farm: Farm, urls: Outputs["urls"], address: string): Promise<RouteFact[]> {
  const routes = Object.entries(urls).filter(([, url]) => /^https?:/.test(url));
  return Promise.all(routes.map(async ([name, url]) => ({ name, url, ...(await answerOf(farm, url, address)) })));
}

async function answerOf(farm: Farm, url: string, address: string): Promise<Pick<RouteFact, "status" | "seconds">> {
  // This machine may not trust the farm's CA.
  const written = ["-w", "%{http_code} %{time_total}"];
  const args = ["-sko", "/dev/null", "--noproxy", "*", "--max-time", String(timeoutSeconds), ...written];
  const { stdout } = await run(inFarm(farm, ["curl", ...args, "--connect-to", `::${address}:`, url]));
  const [status, seconds] = stdout.split(" ").map(Number);
  return { status: status ?? 0, seconds: seconds ?? 0 };
}

/** Problems of the answers; 401 and 403 are none. */
export function routeProblems(routes: readonly Omit<RouteFact, "seconds">[]): string[] {
  return routes.flatMap(({ name, url, status }) => {
    if (status >= 100 && status < 500) return [];
    return [
      `route ${name}: ${url} ${status === 0 ? `gives no answer in ${String(timeoutSeconds)} s` : `answers ${String(status)}`}`,
    ];
  });
}
