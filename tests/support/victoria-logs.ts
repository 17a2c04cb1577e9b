import { spawn } from "node:child_process";
import { delimiter, join } from "node:path";
import { containersFolder } from "../../stacks/logs/flags";
import { services } from "../../stacks/logs/services";
import { builtRecipe } from "./built-recipe";
import { repository } from "./sources";

const recipe = join(repository, "stacks/logs/images/victoria-logs");
/** The folder with VictoriaLogs and vlagent as the image has them; undefined where there is no Go. */
export function victoriaLogs(): string | undefined {
  return builtRecipe(recipe);
}

/** A program of a test, with the end of what it printed. */
export interface Started {
  readonly log: () => string;
  stop(): Promise<void>;
}

/** Where the programs of a test are reached, and keep their data. */
export interface Here {
  readonly folder: string;
  readonly ports: Readonly<Record<"store" | "tasks", number>>;
}

/** Arguments as on a farm, with paths below a folder and addresses of loopback. */
export function flagsHere(flags: readonly string[], { folder, ports }: Here): string[] {
  return flags.map((flag) =>
    flag
      .replace(`:${String(services.store.port)}`, `:${String(ports.store)}`)
      .replace(`:${String(services.tasks.port)}`, `:${String(ports.tasks)}`)
      .replace(`http://${services.store.name}`, "http://127.0.0.1")
      .replace("=:", "=127.0.0.1:")
      .replace("/var/lib/victoria-logs", join(folder, "store"))
      .replace(containersFolder, join(folder, "containers")),
  );
}

/**
 * Starts one of them, or the image's `start-store`.
 *
 * @param through a command that runs it. Default: none
 */
export function start(
  bin: string,
  program: "vlagent" | "start-store",
  args: readonly string[],
  through: readonly string[] = [],
): Started {
  const [file = "", ...rest] = [...through, join(program === "vlagent" ? bin : recipe, program), ...args];
  const env = { ...process.env, PATH: [bin, process.env.PATH].join(delimiter) };
  const child = spawn(file, rest, { env, stdio: ["ignore", "pipe", "pipe"] });
  let log = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (data: Buffer) => (log += data.toString()));
  const ended = new Promise<void>((resolve) =>
    child.on("close", (status, signal) => {
      log += `ended with ${signal ?? String(status)}\n`;
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
