import { mkdirSync } from "node:fs";
import { counted } from "../../../infra/config/counted";
import type { Step } from "../tools/tools";
import { runLogged } from "../tools/tools";
import { setUpCli } from "./cli";
import { officialDownloads } from "./download";
import { ownPulumiHome, pulumiHome, withoutPulumiLog } from "./homes";
import { setUpLibvirtProvider, setUpPlugins } from "./plugins";

/**
 * Pulumi's CLI and plugins: present ones, else official downloads, else built from offline/toolchain.
 *
 * @returns a note with the CLI's version and where the plugins come from
 */
export async function setUpToolchain(step: Step, downloads = officialDownloads): Promise<string> {
  const { context } = step;
  mkdirSync(context.folders.cache, { recursive: true });
  const own = ownPulumiHome(context);
  if (pulumiHome(context) === own) withoutPulumiLog(own);
  await setUpCli(step, downloads);
  const found = await setUpPlugins(step, downloads);
  await setUpLibvirtProvider(step, found);
  const version = (await runLogged(step, ["pulumi", "version"])).trim();
  const built = found.notDownloaded.length > 0 ? `; not downloaded, built here: ${found.notDownloaded.join(" ")}` : "";
  return `pulumi ${version}, ${counted(found.count, "plugin")} (${found.areBuilt ? "built" : "official"})${built}`;
}
