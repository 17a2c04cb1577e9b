import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { dirname, join } from "node:path";
import { output } from "../../cli/process/run";
import { repository } from "../../tests/live/farm";
import { stockSeeds, onStock, type Farm } from "./stock";

/** Where the stock image and the packages for it are kept. */
const cache = join(process.env.XDG_CACHE_HOME ?? join(homedir(), ".cache"), "swarm-farm", "bench-up-stock");

/** The folder with a stock image without Docker, and with a copy of the packages that it lacks; built if it is not there. */
export async function stockImage(): Promise<{ readonly folder: string; readonly packages: string }> {
  const folder = join(cache, "stock");
  if (!existsSync(folder)) {
    mkdirSync(dirname(folder), { recursive: true });
    await output([join(repository, "bench", "guest-boot", "stock.sh"), folder, "--without-docker"]);
  }
  return { folder, packages: join(folder, "repository") };
}

/** The farm on that image, with seeds that are written to a folder. */
export async function farmOnStock(farm: Farm, image: string, seeds: string): Promise<Farm> {
  for (const { name, files } of stockSeeds(farm.resources)) {
    const content = join(seeds, `${name}.files`);
    mkdirSync(content, { recursive: true, mode: 0o700 });
    for (const [file, text] of Object.entries(files)) writeFileSync(join(content, file), text, { mode: 0o600 });
    await output(["genisoimage", "-quiet", "-V", "cidata", "-J", "-r", "-o", join(seeds, name), content]);
  }
  return onStock(farm, { folder: image, cmdline: readFileSync(join(image, "cmdline"), "utf8").trim(), seeds });
}
