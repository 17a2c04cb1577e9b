import { mkdirSync, renameSync, rmSync } from "node:fs";
import { dirname } from "node:path";
import { run } from "../../process/run";
import { Debian } from "../tools/debian";
import { needSpace } from "../../base/space";
import { runLogged, type Step } from "../tools/tools";
import { versions } from "../tools/versions";
import { moduleFolder, type GoModule } from "./sources";

/** Installs Go if it is missing or too old; only builds need it. */
export async function needGo(step: Step, debian = new Debian(step)): Promise<void> {
  const { environment, signal } = step.context;
  const { stdout } = await run(["go", "env", "GOVERSION"], { env: environment, signal });
  if (await debian.isAtLeast(/^go([\d.]+)/.exec(stdout)?.[1], versions.goMinimum)) return;
  step.progress.now("installing Go");
  await debian.install(["golang-go"], { backports: true });
}

/** A program of a module of ours, and the path that it is written to. */
export interface Build {
  readonly module: GoModule;
  /** Its name in the progress. */
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
    // GOGC is raised for Pulumi; the compiler would need too much memory.
    env: { ...environment, CGO_ENABLED: "0", GOGC: undefined },
  });
}

/** Replaces a folder with a finished one, so that an interrupted build leaves no partial folder. */
export function replaceFolder(finished: string, folder: string): void {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(dirname(folder), { recursive: true });
  renameSync(finished, folder);
}
