import { mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { output } from "../../../cli/process/run";
import { versions } from "../../../cli/setup/tools/versions";
import { moduleFolder } from "../../../cli/setup/toolchain/sources";
import { runCounted, type Counted } from "../../counted";
import type { Configuration, Providers } from "./configuration";
import { providerSchemas, type ProviderSchema } from "./schema";

/** The folder of the Go module that pins OpenTofu. */
const opentofuModule = join(__dirname, "..", "opentofu");

/** OpenTofu's version, of its go.mod. */
export const opentofuVersion = pinned(opentofuModule, /github\.com\/opentofu\/opentofu v(\S+)/);

/** The Terraform providers of the farm's plugins: docker's is that of the Go module of which the plugin is built. */
export const providers: Providers = {
  libvirt: { source: "dmacvicar/libvirt", version: versions.libvirtProvider },
  docker: {
    source: "kreuzwerker/docker",
    version: pinned(moduleFolder("bridge"), /=> github\.com\/kreuzwerker\/terraform-provider-docker v(\S+)/),
  },
};

/** A version in a module's go.mod. @throws Error if it is not there */
function pinned(module: string, pattern: RegExp): string {
  const found = pattern.exec(readFileSync(join(module, "go.mod"), "utf8"))?.[1];
  if (found === undefined) throw new Error(`${module}/go.mod has no ${pattern.source}`);
  return found;
}

/** OpenTofu, built here, with both providers in a folder of its own in place of a registry. */
export class OpenTofu {
  /** @param environment of its runs, with the programs on PATH that the providers run */
  constructor(
    readonly folder: string,
    readonly environment: NodeJS.ProcessEnv,
  ) {}

  /**
   * Builds OpenTofu and docker's provider; libvirt's is the program that the farm's plugin runs.
   *
   * @returns fields of the providers and of their resources
   */
  async build(): Promise<ReadonlyMap<string, ProviderSchema>> {
    mkdirSync(this.folder, { recursive: true });
    await this.#goBuild(opentofuModule, "tofu", "github.com/opentofu/opentofu/cmd/tofu");
    const docker = this.#provider("docker");
    await this.#goBuild(moduleFolder("bridge"), docker, "github.com/terraform-providers/terraform-provider-docker");
    const libvirt = join(this.folder, this.#provider("libvirt"));
    const installed = this.#provider("libvirt").replace(/^providers/, "dynamic_tf_plugins");
    rmSync(libvirt, { force: true });
    mkdirSync(dirname(libvirt), { recursive: true });
    symlinkSync(join(this.environment.PULUMI_HOME ?? "", installed), libvirt);
    const mirror = JSON.stringify(join(this.folder, "providers"));
    writeFileSync(
      join(this.folder, "tofurc"),
      `provider_installation {\n  filesystem_mirror {\n    path = ${mirror}\n  }\n}\n`,
    );
    const project = await this.project("schemas", { terraform: { required_providers: { ...providers } } });
    return providerSchemas((await project.run("providers", "schema", "-json")).stdout);
  }

  /** A folder with a configuration and no state, in which `tofu init` has run. */
  async project(name: string, configuration: Partial<Configuration>): Promise<TofuProject> {
    const folder = join(this.folder, "projects", name);
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, "main.tf.json"), JSON.stringify(configuration, undefined, 1));
    const project = new TofuProject(join(this.folder, "tofu"), folder, {
      ...this.environment,
      TF_CLI_CONFIG_FILE: join(this.folder, "tofurc"),
      TF_IN_AUTOMATION: "true",
    });
    await project.run("init", "-no-color", "-input=false");
    return project;
  }

  /** The path of a provider in the folder, as a mirror has it. */
  #provider(name: "docker" | "libvirt"): string {
    const { source = "", version = "" } = providers[name] ?? {};
    return join("providers", "registry.opentofu.org", source, version, "linux_amd64", `terraform-provider-${name}`);
  }

  /** Builds a program as `./farm setup` builds Pulumi's plugins. */
  async #goBuild(module: string, to: string, main: string): Promise<void> {
    const flags = ["-trimpath", "-tags", "no_compose", "-ldflags", "-s -w"];
    await output(["go", "build", ...flags, "-o", join(this.folder, to), main], {
      cwd: module,
      env: { CGO_ENABLED: "0" },
    });
  }
}

/** A configuration of OpenTofu in a folder, with its state. */
export class TofuProject {
  constructor(
    readonly program: string,
    readonly folder: string,
    readonly environment: NodeJS.ProcessEnv,
  ) {}

  /** Runs OpenTofu in it. @throws Error with its output if it fails */
  run(...args: readonly string[]): Promise<Counted> {
    return runCounted([this.program, ...args], { cwd: this.folder, env: this.environment });
  }

  /** Applies the configuration. */
  apply(...options: readonly string[]): Promise<Counted> {
    return this.run("apply", "-auto-approve", "-input=false", "-no-color", ...options);
  }

  /** Applies the configuration, in which nothing may change. @throws Error with the plan if something does */
  async applyUnchanged(...options: readonly string[]): Promise<Counted> {
    const applied = await this.apply(...options);
    if (!applied.stdout.includes("No changes.")) throw new Error(`OpenTofu changed something:\n${applied.stdout}`);
    return applied;
  }
}
