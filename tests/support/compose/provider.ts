import { ComposeStack } from "../../../infra/compose/compose-stack";
import { Swarm } from "../../../infra/swarm/swarm";
import { record, type Registered } from "../mocks";
import type { Case } from "./cases";
import { composeFilesOf } from "./compare";
import type { DockerPlugin, Properties } from "./plugin";
import { inFolder } from "./stack-deploy";

/** On a busy machine more of them would wait longer for the API than the plugin does. */
const atOnce = 100;

/** Resources that the program registers with Pulumi's docker provider for a stack of these files. */
export async function registered({ files, variables = {} }: Case, name = "shop"): Promise<readonly Registered[]> {
  const all = await record(() =>
    inFolder(files, (folder) => {
      const swarm = Swarm.fromExisting("there", { host: "ssh://there" });
      new ComposeStack(name, { swarm, folder, file: composeFilesOf(files), variables });
    }),
  );
  const external = new Map(all.filter(({ type }) => type.startsWith("command:")).map(lookedUp));
  const own = all.filter(({ type }) => type.startsWith("docker:"));
  const ids = new Map([...external, ...own.map((each) => [`${each.name}-id`, String(each.inputs.name)] as const)]);
  return own.map((each) => ({ ...each, inputs: asSent(each.inputs, ids) }));
}

/** Has the plugin create them, many at once: it waits seconds for each. */
export async function create(plugin: DockerPlugin, all: readonly Registered[]): Promise<void> {
  const [some, rest] = [all.slice(0, atOnce), all.slice(atOnce)];
  await Promise.all(some.map(({ type, name, inputs }) => plugin.create(type, name, inputs)));
  if (rest.length > 0) await create(plugin, rest);
}

/** The id that the mocks give a network, config or secret of another program, and its name, which is the recording API's id of it. */
function lookedUp({ name, inputs }: Registered): readonly [string, string] {
  const { triggers = [] } = inputs as { triggers?: readonly string[] };
  return [`stdout of ${name}`, triggers.at(-1) ?? ""];
}

/** Inputs as the engine sends them to a plugin: secrets are plain, and ids are those of Docker. */
function asSent(inputs: Properties, ids: ReadonlyMap<string, string>): Properties {
  return JSON.parse(JSON.stringify(inputs), (_key, value: unknown) => {
    if (typeof value === "string") return ids.get(value) ?? value;
    const isSecret = typeof value === "object" && value !== null && "secret" in value;
    return isSecret && Object.keys(value).length === 1 ? value.secret : value;
  }) as Properties;
}
