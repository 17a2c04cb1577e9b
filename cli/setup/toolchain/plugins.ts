import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { FarmError } from "../../base/errors";
import { runLogged, type Step } from "../tools/tools";
import { versions } from "../tools/versions";
import { download, tryDownload, type Downloads } from "./download";
import { buildGo, needGo, replaceFolder } from "./go";
import { builtFrom, ownPulumiHome, pluginFolder, pulumiHome } from "./homes";
import { buildChanged } from "./changed-module";
import { moduleHash, type GoModule } from "./sources";

/** A resource plugin of Pulumi. */
interface Plugin {
  readonly name: string;
  readonly version: string;
  readonly module: GoModule;
  readonly build: (step: Step, folder: string) => Promise<void>;
}

const terraform: Plugin = {
  name: "terraform-provider",
  version: versions.terraform,
  module: "bridge",
  build: (step, folder) =>
    buildGo(step, {
      module: "bridge",
      name: "terraform plugin",
      variable: `github.com/pulumi/pulumi-terraform-bridge/v3/dynamic/version.version=${versions.terraform}`,
      to: join(folder, "pulumi-resource-terraform-provider"),
      package: "github.com/pulumi/pulumi-terraform-bridge/v3/dynamic",
    }),
};

const docker: Plugin = {
  name: "docker",
  version: versions.docker,
  module: "bridge",
  build: async (step, folder) => {
    const to = join(folder, "pulumi-resource-docker");
    await buildChanged(step, { module: "bridge", name: "docker plugin", tags: "no_compose", to, package: "./docker" });
    await runLogged(step, [to, "schema", "--out", "."], { cwd: folder });
    rmSync(join(folder, "Pulumi.yaml"), { force: true });
  },
};

const plugins: readonly Plugin[] = [
  docker,
  {
    name: "command",
    version: versions.command,
    module: "command",
    build: (step, folder) =>
      buildGo(step, {
        module: "command",
        name: "command plugin",
        to: join(folder, "pulumi-resource-command"),
        package: ".",
      }),
  },
  terraform,
];

/** The origin of the plugins. */
export interface PluginsFound {
  readonly count: number;
  /** Whether they were built here, now or earlier. */
  readonly areBuilt: boolean;
  /** Plugins whose official download failed in this run. */
  readonly notDownloaded: readonly string[];
}

/** The plugins: present ones, else official downloads, else built. If sources change, built plugins are built again. */
export async function setUpPlugins(step: Step, downloads: Downloads): Promise<PluginsFound> {
  const notDownloaded: string[] = [];
  for (const plugin of plugins) {
    const folder = pluginFolder(step.context, plugin.name, plugin.version);
    const isThere = existsSync(folder);
    if (isThere && [undefined, moduleHash(plugin.module)].includes(sourceOf(folder))) continue;
    if (!isThere) {
      step.progress.now(`looking for the official plugin ${plugin.name} ${plugin.version}`);
      if (await downloadPlugin(step, plugin, downloads.plugins)) continue;
      notDownloaded.push(plugin.name);
    }
    await buildPlugin(step, plugin);
  }
  const areBuilt = sourceOf(pluginFolder(step.context, terraform.name, terraform.version)) !== undefined;
  return { count: plugins.length, areBuilt, notDownloaded };
}

/**
 * Puts the docker plugin that is built here in place of the official one, which refuses what some services ask for.
 *
 * @param keys where they do, e.g. `shop.yaml:4: services.web.tty`
 * @returns a note with the first of them
 * @throws FarmError where Pulumi's home is not the farm's own: other projects would get the plugin
 */
export async function replaceDockerPlugin(step: Step, keys: readonly [string, ...string[]]): Promise<string> {
  const home = pulumiHome(step.context);
  if (home !== ownPulumiHome(step.context))
    throw new FarmError(
      `${keys[0]} needs the docker plugin that is built here, and PULUMI_HOME (${home}) has the official one; unset PULUMI_HOME, so that the farm has a Pulumi home of its own`,
    );
  await buildPlugin(step, docker);
  return `built for ${keys[0]}`;
}

/** @returns undefined for an official plugin, and for one that is not there */
function sourceOf(folder: string): string | undefined {
  const file = join(folder, builtFrom);
  return existsSync(file) ? readFileSync(file, "utf8").trim() : undefined;
}

function downloadPlugin(step: Step, { name, version }: Plugin, url: string): Promise<boolean> {
  const archive = `pulumi-resource-${name}-v${version}-linux-amd64.tar.gz`;
  return tryDownload(step, async (folder) => {
    const file = join(folder, archive);
    await download(step, `${url}/${archive}`, file);
    await runLogged(step, ["pulumi", "plugin", "install", "resource", name, version, "--file", file]);
    return true;
  });
}

async function buildPlugin(step: Step, { name, version, module, build }: Plugin): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "swarm-farm-"));
  try {
    await needGo(step);
    await build(step, folder);
    writeFileSync(join(folder, builtFrom), `${moduleHash(module)}\n`);
    await runLogged(step, ["pulumi", "plugin", "install", "resource", name, version, "--reinstall", "--file", folder]);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/**
 * Puts the Terraform provider of libvirt where a built plugin looks before it asks a registry, and builds it again if its sources
 * change. An official plugin downloads the provider.
 */
export async function setUpLibvirtProvider(step: Step, { areBuilt }: PluginsFound): Promise<void> {
  const parts = ["dynamic_tf_plugins", "registry.opentofu.org", "dmacvicar", "libvirt"];
  const folder = join(pulumiHome(step.context), ...parts, versions.libvirtProvider, "linux_amd64");
  if (!areBuilt || sourceOf(folder) === moduleHash("libvirt")) return;
  await needGo(step);
  const name = "terraform-provider-libvirt";
  const finished = `${folder}.new`;
  mkdirSync(finished, { recursive: true });
  const what = { module: "libvirt", name: "libvirt provider", package: `github.com/dmacvicar/${name}` } as const;
  await buildChanged(step, { ...what, to: join(finished, name) });
  writeFileSync(join(finished, builtFrom), `${moduleHash("libvirt")}\n`);
  replaceFolder(finished, folder);
}
