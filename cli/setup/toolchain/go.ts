import { mkdirSync, renameSync, rmSync } from "node:fs";
import { dirname } from "node:path";
import { run } from "../../process/run";
import { Debian } from "../debian";
import { needSpace } from "../space";
import { runLogged, type Step } from "../tools";
import { versions } from "../versions";
import { moduleFolder, type GoModule } from "./sources";

/** Installs Go where it is missing or too old; it is needed only where something has to be built. */
export async function needGo(step: Step, debian = new Debian(step)): Promise<void> {
  const { environment, signal } = step.context;
  const { stdout } = await run(["go", "env", "GOVERSION"], { env: environment, signal });
  if (await debian.isAtLeast(/^go([\d.]+)/.exec(stdout)?.[1], versions.goMinimum)) return;
  step.progress.now("installing Go");
  await debian.install(["golang-go"], { backports: true });
}

interface Build {
  readonly module: GoModule;
  /** What it is called in the progress. */
  readonly name: string;
  /** The file, or with a slash at its end the folder, that the program is written to. */
  readonly to: string;
  /** Relative to the module, or an import path. */
  readonly package: string;
  /** `NAME=VALUE` of a variable that the linker sets. Default: none. */
  readonly variable?: string;
  readonly tags?: string;
  /** A go.mod in place of the module's own. Default: that. */
  readonly modfile?: string;
}

/** Builds a program without cgo, so that it runs on any distribution. */
export async function buildGo(step: Step, { module, name, to, package: main, variable, tags, modfile }: Build): Promise<void> {
  const { environment } = step.context;
  const cache = (await runLogged(step, ["go", "env", "GOCACHE"])).trim();
  needSpace(cache, 7000, `building the ${name}`);
  step.progress.now(`building the ${name}`);
  const flags = ["-s -w", ...(variable === undefined ? [] : [`-X ${variable}`])].join(" ");
  const options = [
    ...(tags === undefined ? [] : ["-tags", tags]),
    ...(modfile === undefined ? [] : ["-modfile", modfile]),
  ];
  const argv = ["-trimpath", ...options, "-ldflags", flags, "-o", to, main];
  await runLogged(step, ["go", "build", ...argv], {
    cwd: moduleFolder(module),
    // GOGC is raised for Pulumi, which is small; the compiler is not.
    env: { ...environment, CGO_ENABLED: "0", GOGC: undefined },
  });
}

/** Puts a finished folder in the place of another: an interrupted build never leaves half of one. */
export function replaceFolder(finished: string, folder: string): void {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(dirname(folder), { recursive: true });
  renameSync(finished, folder);
}
