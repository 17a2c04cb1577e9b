import { execFileSync, spawn, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync } from "node:fs";
import { homedir } from "node:os";
import { delimiter, join } from "node:path";
import { repository } from "./sources";

const recipe = join(repository, "stacks/logs/images/victoria-logs");
const cache = process.env.FARM_CACHE ?? join(process.env.XDG_CACHE_HOME ?? join(homedir(), ".cache"), "swarm-farm");

/** A folder with VictoriaLogs and vlagent as the image has them, built once for their version; undefined where there is no Go. */
export function victoriaLogs(): string | undefined {
  if (spawnSync("go", ["version"]).status !== 0) return undefined;
  const sources = ["context", "go.mod", "go.sum"].map((file) => readFileSync(join(recipe, file)));
  const key = createHash("sha256").update(Buffer.concat(sources)).digest("hex").slice(0, 16);
  const folder = join(cache, `victoria-logs-${key}`);
  if (!existsSync(folder)) {
    mkdirSync(cache, { recursive: true });
    const made = mkdtempSync(join(cache, ".victoria-logs-"));
    execFileSync(join(recipe, "context"), [made], { cwd: recipe, stdio: ["ignore", "ignore", "inherit"] });
    renameSync(made, folder);
  }
  return join(folder, "bin");
}

/** A program of a test, with the end of what it printed. */
export interface Started {
  readonly log: () => string;
  stop(): Promise<void>;
}

/** Starts one of them, or the image's `start-store`. */
export function start(bin: string, program: "vlagent" | "start-store", args: readonly string[]): Started {
  const file = join(program === "vlagent" ? bin : recipe, program);
  const env = { ...process.env, PATH: [bin, process.env.PATH].join(delimiter) };
  const child = spawn(file, args, { env, stdio: ["ignore", "pipe", "pipe"] });
  let log = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (data: Buffer) => (log += data.toString()));
  const ended = new Promise<void>((resolve) =>
    child.on("close", () => {
      resolve();
    }),
  );
  return {
    log: () => log,
    stop: () => {
      child.kill("SIGTERM");
      return ended;
    },
  };
}
