import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { runLogged, type Step } from "../tools/tools";
import { versions } from "../tools/versions";
import { download, isListed, tryDownload, type Downloads } from "./download";
import { buildGo, needGo, replaceFolder } from "./go";
import { pulumiFolder, usesOwnCli } from "./homes";
import { moduleHash } from "./sources";

/** The file in the CLI's folder with its origin: the hash of its sources, or a word for the official download. */
const official = "official";

/** Pulumi's CLI: the machine's, the official download, or built. */
export async function setUpCli(step: Step, { cli }: Downloads): Promise<void> {
  if (!usesOwnCli(step.context)) return;
  const folder = pulumiFolder(step.context);
  if ([official, moduleHash("pulumi")].includes(originOf(folder) ?? "")) return;
  step.progress.now(`looking for the official pulumi ${versions.pulumi}`);
  const finished = `${folder}.new`;
  rmSync(finished, { recursive: true, force: true });
  mkdirSync(join(finished, "bin"), { recursive: true });
  if (await downloadCli(step, cli, finished)) writeFileSync(join(finished, "origin"), `${official}\n`);
  else await buildCli(step, finished);
  replaceFolder(finished, folder);
}

function originOf(folder: string): string | undefined {
  const origin = join(folder, "origin");
  if (!existsSync(join(folder, "bin", "pulumi")) || !existsSync(origin)) return undefined;
  return readFileSync(origin, "utf8").trim();
}

function downloadCli(step: Step, url: string, to: string): Promise<boolean> {
  const name = `pulumi-v${versions.pulumi}-linux-x64.tar.gz`;
  return tryDownload(step, async (folder) => {
    const archive = join(folder, name);
    const sums = join(folder, "sums");
    await download(step, `${url}/${name}`, archive);
    await download(step, `${url}/pulumi-${versions.pulumi}-checksums.txt`, sums);
    if (!isListed(sums, name, archive)) {
      step.progress.log(`${name} does not have the checksum that its release lists`);
      return false;
    }
    await runLogged(step, ["tar", "-C", join(to, "bin"), "--strip-components=1", "-xzf", archive]);
    return true;
  });
}

async function buildCli(step: Step, to: string): Promise<void> {
  await needGo(step);
  const module = "pulumi";
  const variable = `github.com/pulumi/pulumi/sdk/v3/go/common/version.Version=v${versions.pulumi}`;
  const cli = { package: "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi", to: join(to, "bin", "pulumi") };
  const host = { package: "./language-nodejs", to: join(to, "bin", "pulumi-language-nodejs") };
  await buildGo(step, { module, name: "pulumi CLI", variable, ...cli });
  await buildGo(step, { module, name: "language host", variable, ...host });
  writeFileSync(join(to, "origin"), `${moduleHash("pulumi")}\n`);
}
