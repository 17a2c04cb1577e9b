import { mkdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { farmEnvironment } from "../../cli/context/environment";
import { foldersOf } from "../../infra/config/folders";
import { containerImage } from "../../infra/images/container";
import { guestImage } from "../../infra/images/guest";
import { stacks } from "../../stacks";
import { catalogOf } from "../../stacks/catalog";
import { repository } from "../../tests/support/sources";
import { composeFile, configOf, type Size } from "./farm";
import { runPulumi, type Usage } from "./run";

/** The Pulumi stack and project of a measured farm. */
const stack = "bench";
const project = "swarm-farm";

/** The first eight bytes of a qcow2 file, which are all that the libvirt provider reads of one. */
const qcow2 = Buffer.from([0x51, 0x46, 0x49, 0xfb, 0, 0, 0, 3]);

/** The parts of this repository that Pulumi's project refers to. */
const linked = ["Pulumi.yaml", "index.ts", "node_modules", "package.json", "tsconfig.json", "tsconfig.pulumi.json"];

interface ProjectOptions {
  /** A folder of programs that are found before all others. Default: none. */
  readonly programs?: string;
  /** Variables over those of `./farm`. Default: none. */
  readonly more?: NodeJS.ProcessEnv;
}

/**
 * This repository's program as a Pulumi project, with a state and folders of its own and with the tools that `./farm setup` built.
 * Its folder stays, since Pulumi compiles the program again for every other one.
 */
export class Project {
  readonly folder: string;
  readonly environment: NodeJS.ProcessEnv;

  /** @param name names its folder: projects of different names can be used at once */
  constructor(name: string, { programs, more = {} }: ProjectOptions = {}) {
    const tools = foldersOf(stack, process.env);
    this.folder = join(tools.cache, `bench-${name}`);
    const own = { ...process.env, PULUMI_CONFIG_PASSPHRASE: "bench", PULUMI_BACKEND_URL: `file://${this.folder}` };
    const environment = farmEnvironment({ stack, repository, folders: tools }, own);
    this.environment = {
      ...environment,
      PATH: [programs ?? [], environment.PATH ?? ""].flat().join(delimiter),
      XDG_CACHE_HOME: join(this.folder, "cache"),
      XDG_STATE_HOME: join(this.folder, "state"),
      ...more,
    };
  }

  /** Begins a farm of a size with no state. @param libvirt the URI of its hypervisor */
  async begin(size: Size, libvirt: string): Promise<void> {
    await this.beginWith(configOf(size, libvirt, this.file("compose.yaml")));
    writeFileSync(this.file("compose.yaml"), composeFile());
  }

  /** Begins with no state. @param config the farm's configuration, by key */
  async beginWith(config: Readonly<Record<string, unknown>>): Promise<void> {
    rmSync(this.folder, { recursive: true, force: true });
    mkdirSync(this.folder, { recursive: true });
    for (const name of [...linked, "compose", "infra", "stacks"]) symlinkSync(join(repository, name), this.file(name));
    fakeImages(foldersOf(stack, this.environment).cache);
    await this.pulumi("stack", "init", stack);
    const keys = Object.fromEntries(Object.entries(config).map(([key, value]) => [`${project}:${key}`, value]));
    const stackFile = this.file(`Pulumi.${stack}.yaml`);
    const salt = /^encryptionsalt:.*$/m.exec(readFileSync(stackFile, "utf8"))?.[0] ?? "";
    // JSON is YAML.
    writeFileSync(stackFile, `${salt}\nconfig: ${JSON.stringify(keys)}\n`);
  }

  /** Runs Pulumi in the project. @throws Error with its output if it fails */
  pulumi(...args: readonly string[]): Promise<Usage> {
    return runPulumi([...args, "--non-interactive"], { cwd: this.folder, env: this.environment });
  }

  /** The path of a file in its folder. */
  file(name: string): string {
    return join(this.folder, name);
  }

  /** The path of the state file. */
  get state(): string {
    return this.file(join(".pulumi", "stacks", project, `${stack}.json`));
  }
}

/** A file's size in MiB. */
export function mibOf(file: string): number {
  return statSync(file).size / 1024 ** 2;
}

/** Puts files in place of the images that `./farm setup` builds: a preview looks for them, and an update uploads them. */
function fakeImages(cache: string): void {
  const { recipes } = catalogOf(stacks);
  const guest = guestImage({ kind: "farm" }, cache, recipes);
  if (guest.kind !== "farm") throw new Error("the farm's own image is expected");
  const { archive } = containerImage("registry", cache, recipes);
  for (const file of [guest.disk, guest.kernel, guest.initrd, archive]) {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, qcow2);
  }
}
