import { join } from "node:path";
import { pluginFolder } from "../../cli/setup/toolchain/homes";
import { versions } from "../../cli/setup/tools/versions";
import { foldersOf } from "../../infra/config/folders";

const folder = pluginFolder(
  { environment: process.env, folders: foldersOf("dev", process.env) },
  "docker",
  versions.docker,
);

/** A file of the docker plugin in Pulumi's home. `schema.json` is only beside the one that `./farm setup` builds. */
export function pluginFile(name: string): string {
  return join(folder, name);
}
