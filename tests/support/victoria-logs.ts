import { spawn } from "node:child_process";
import { delimiter, join } from "node:path";
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
