import { composeKeys } from "../../compose/keys/table";
import { expectNone } from "../support/expect-none";
import { RecordingApi } from "../support/compose/recording-api";
import { hasDocker, inFolder, stackDeploy } from "../support/compose/stack-deploy";

/** A file with one key, whatever it holds. */
function fileWith(path: string): unknown {
  const [first = "", ...rest] = path.replaceAll("*", "a").split(".");
  const build = (names: readonly string[]): unknown => {
    const [name, ...below] = names;
    if (name === undefined) return names.length === 0 ? valueOf(path) : {};
    const list = name.endsWith("[]");
    const inside = build(below);
    return { [name.replace("[]", "")]: list ? [inside] : inside };
  };
  const file = build([first, ...rest]) as Record<string, Record<string, unknown>>;
  const service = file.services?.a as Record<string, unknown> | undefined;
  if (service !== undefined) service.image = "a";
  return { services: { b: { image: "b" } }, ...file };
}

const lists = /\.(devices|security_opt|external_links|links|expose|cache_from|depends_on)$/;

function valueOf(path: string): unknown {
  if (lists.test(path)) return [];
  if (/build\.(args|labels|extra_hosts)$/.test(path)) return {};
  return path.endsWith("privileged") ? true : "a";
}

let api: RecordingApi;

beforeAll(async () => {
  api = await RecordingApi.start();
});

afterAll(() => api.stop());

/** The answer of docker's client about a key: its schema, its list of refused keys, and its warnings. */
async function askDocker(path: string): Promise<"refuses" | "warns and ignores" | "takes"> {
  return inFolder({ "compose.yaml": JSON.stringify(fileWith(path)) }, async (folder) => {
    const result = await stackDeploy(api, { folder, files: ["compose.yaml"], stack: "shop", variables: {} });
    const output = result.accepted ? result.warnings : result.message;
    if (/Additional property|contains unsupported options|(depends_on|env_file\S*) must be/.test(output))
      return "refuses";
    return /Ignoring (unsupported|deprecated) options/.test(output) ? "warns and ignores" : "takes";
  });
}

(hasDocker ? test : test.skip)(
  "docker says of every key what the table says",
  async () => {
    // `restart` is honoured although docker warns that it ignores it.
    const keys = composeKeys.filter(({ path }) => !/x-|services\.\*\.restart$/.test(path));
    const wrong: string[] = [];
    for (const { path, docker } of keys) {
      const output = await askDocker(path);
      const same = output === "takes" ? docker === "honours" || docker === "ignores" : output === docker;
      if (!same) wrong.push(`${path}: docker ${output}, the table says ${docker}`);
    }
    expectNone(wrong, "Correct the table.");
  },
  300_000,
);
