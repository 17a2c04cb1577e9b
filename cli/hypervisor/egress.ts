import { spawn } from "node:child_process";
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { isIPv4 } from "node:net";
import { join } from "node:path";
import type { FarmConfig } from "../../infra/config/schema";
import type { Context } from "../context/context";
import { FarmError } from "../base/errors";
import { output, run } from "../process/run";
import { waitFor } from "../report/wait-for";
import { decidedMode, namespaceOf } from "./enter";

type Farm = Pick<Context, "stack" | "folders">;

/** The link between the farm's namespace and pasta: link-local, so that no network of a farm or of this machine has it. */
const link = { address: "169.254.77.2", mask: "255.255.255.252", gateway: "169.254.77.1" } as const;

/** pasta is ready within 0.1 s on two busy cores. */
const startSeconds = 10;
const stopSeconds = 5;

/** The step `egress` of an update: an isolated farm has a way out, or none. A machine without one builds a farm all the same. */
export async function setUpEgress(
  farm: Farm & Pick<Context, "report">,
  { egress }: Pick<FarmConfig["network"], "egress">,
): Promise<void> {
  if (decidedMode(farm) !== "isolated") return;
  await farm.report.step("egress", async () => {
    const problem = await setEgress(farm, egress);
    if (problem !== undefined) return { warning: `none: ${problem}` };
    return egress ? "by pasta" : "none";
  });
}

/**
 * Gives an isolated farm a way out, by pasta, or takes it away. A pasta that runs and forwards names to the resolver on this machine's
 * loopback is left alone: its connections stay.
 *
 * @param resolvConf names this machine's resolvers
 * @returns why there is no way out although there should be
 */
export async function setEgress(
  farm: Farm,
  isOn: boolean,
  resolvConf = "/etc/resolv.conf",
): Promise<string | undefined> {
  const resolver = existsSync(resolvConf) ? loopbackResolverIn(readFileSync(resolvConf, "utf8")) : undefined;
  if (isOn && (await isUp(farm, resolver))) return undefined;
  await stopEgress(farm);
  if (isOn) {
    try {
      await start(farm, resolver);
      await applyRules(farm, link.gateway);
      return undefined;
    } catch (error) {
      if (!(error instanceof FarmError)) throw error;
      await stopEgress(farm);
      await applyRules(farm);
      return error.message;
    }
  }
  await applyRules(farm);
  return undefined;
}

/** Ends the farm's pasta, and its interface and default route with it. */
export async function stopEgress(farm: Farm): Promise<void> {
  const pid = pastaPid(farm);
  if (pid !== undefined) {
    process.kill(pid);
    await waitFor(stopSeconds, `pasta (process ${String(pid)}) to end`, () => pastaPid(farm) === undefined, 20);
  }
  rmSync(fileOf(farm), { force: true });
}

/**
 * The first name server of a resolv.conf that is on loopback, which only pasta can ask. It is given no other: it puts the gateway's
 * address into the answers of the one that it forwards to, so that who asked that one directly gets none.
 */
export function loopbackResolverIn(text: string): string | undefined {
  const servers = text.split("\n").flatMap((line) => /^nameserver\s+(\S+)/.exec(line)?.[1] ?? []);
  return servers.find((server) => isIPv4(server) && server.startsWith("127."));
}

async function isUp(farm: Farm, resolver: string | undefined): Promise<boolean> {
  return pastaPid(farm) !== undefined && recorded(farm)[1] === (resolver ?? "none") && (await hasRoute(farm));
}

/** The process id of the farm's pasta if it runs; another process may have the recorded id by now. */
function pastaPid(farm: Farm): number | undefined {
  const [pid = ""] = recorded(farm);
  try {
    const argv = readFileSync(`/proc/${pid}/cmdline`, "utf8").split("\0");
    return argv[0] === "pasta" && argv.includes(namespaceFile(farm)) ? Number(pid) : undefined;
  } catch {
    return undefined;
  }
}

/** The namespace's path as start-egress.sh gives it to pasta. */
function namespaceFile(farm: Farm): string {
  return `/run/user/0/netns/${namespaceOf(farm)}`;
}

/** The process id and the resolver that start recorded. */
function recorded(farm: Farm): string[] {
  const file = fileOf(farm);
  return existsSync(file) ? readFileSync(file, "utf8").trim().split(" ") : [];
}

function fileOf({ folders }: Farm): string {
  return join(folders.state, "egress.pid");
}

async function hasRoute(farm: Farm): Promise<boolean> {
  const argv = ["ip", "-4", "-n", namespaceOf(farm), "route", "show", "default", "dev", "egress0"] as const;
  return (await run(argv)).stdout.trim() !== "";
}

/** Starts pasta, which lives in the network of this process. @throws FarmError with its last words */
async function start(farm: Farm, resolver: string | undefined): Promise<void> {
  const { logs } = farm.folders;
  mkdirSync(logs, { recursive: true });
  const file = join(logs, "egress.log");
  const log = openSync(file, "w");
  const script = join(__dirname, "start-egress.sh");
  const args = [
    namespaceOf(farm),
    link.address,
    link.mask,
    link.gateway,
    ...(resolver === undefined ? [] : [resolver]),
  ];
  const child = spawn("unshare", ["--mount", "--propagation", "private", "sh", script, ...args], {
    cwd: "/",
    detached: true,
    env: { PATH: process.env.PATH },
    stdio: ["ignore", log, log],
  });
  closeSync(log);
  const end = new AbortController();
  const abort = () => {
    end.abort();
  };
  child.once("error", abort).once("exit", abort);
  child.unref();
  // The shell becomes pasta, and keeps the id.
  if (child.pid !== undefined) writeFileSync(fileOf(farm), `${String(child.pid)} ${resolver ?? "none"}\n`);
  await waitFor(startSeconds, `pasta, see ${file}`, async () => end.signal.aborted || hasRoute(farm), 50);
  if (end.signal.aborted) throw new FarmError(lastWords(readFileSync(file, "utf8")));
}

/** Without a syslog pasta reports each line that it could not send there. */
function lastWords(log: string): string {
  const lines = log.split("\n").filter((line) => line.trim() !== "" && !line.startsWith("Failed to send"));
  return (
    lines.at(-1)?.replace(/^.*exec: pasta: not found$/, "pasta is not installed: ./farm setup installs it") ??
    "pasta does not start"
  );
}

async function applyRules(farm: Farm, ...gateway: readonly string[]): Promise<void> {
  const script = join(__dirname, "egress-rules.sh");
  await output(["ip", "netns", "exec", namespaceOf(farm), "sh", script, ...gateway]);
}
