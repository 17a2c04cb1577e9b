import { readCompose } from "../../../compose/read";
import type { ComposeResult } from "../../../compose/model/application";
import type { Case } from "./cases";
import { normalize } from "./normalize";
import type { Json, RecordingApi } from "./recording-api";
import { render } from "./render";
import { type Deployed, inFolder, stackDeploy } from "./stack-deploy";

/** Results of docker and of the model for the same files. */
export interface Compared {
  readonly docker: Deployed;
  readonly result: ComposeResult;
  readonly specs: Json;
  readonly model: Json | undefined;
}

/** Reads files as the farm does. */
export function read(folder: string, { files, variables = {} }: Case, profiles: readonly string[] = []): ComposeResult {
  const plain = Object.entries(variables).map(([name, value]) => [name, { kind: "plain", value }] as const);
  return readCompose({
    name: "shop",
    folder,
    files: composeFilesOf(files),
    variables: Object.fromEntries(plain),
    profiles,
  });
}

/** Gives the same files to docker and to the model. */
export async function compare(api: RecordingApi, one: Case): Promise<Compared> {
  return inFolder(one.files, async (folder) => {
    const files = composeFilesOf(one.files);
    const docker = await stackDeploy(api, { folder, files, stack: "shop", variables: one.variables ?? {} });
    const result = read(folder, one);
    const specs = docker.accepted ? normalize(docker.recorded) : null;
    return { docker, result, specs, model: result.application && normalize(render(result.application)) };
  });
}

/** Those that are deployed, in order. */
export function composeFilesOf(files: Case["files"]): [string, ...string[]] {
  const [first = "compose.yaml", ...rest] = Object.keys(files).filter((file) => /^compose.*\.yaml$/.test(file));
  return [first, ...rest];
}
