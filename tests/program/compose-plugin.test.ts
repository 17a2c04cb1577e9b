import * as fc from "fast-check";
import { applicationOf, problemsOf } from "../support/compose/application";
import { type Case, cases } from "../support/compose/cases";
import { generatedService, shared } from "../support/compose/generated";
import { onPurpose, withoutHashes } from "../support/compose/on-purpose";
import { DockerPlugin, hasPlugin } from "../support/compose/plugin";
import { create, registered } from "../support/compose/provider";
import { type Json, type Recorded, RecordingApi } from "../support/compose/recording-api";
import { render } from "../support/compose/render";
import { sayable } from "../support/compose/sayable";
import { accepted } from "../support/compose/accepted";
import type { Registered } from "../support/mocks";

let api: RecordingApi;
let plugin: DockerPlugin;

/** The generated services are the same in each run, so that CI judges the change; another number tries others. */
const seed = Number(process.env.FAST_CHECK_SEED ?? 20_261_127);

const withPlugin = hasPlugin ? test : test.skip;

/** The model of each case that is deployed, and the plugin's requests for it. */
const compared = new Map<string, { readonly model: Json; readonly sent: Json }>();
const excuses = new Set<string>();

/** Cases with a key that Pulumi's provider cannot say, or Swarm does not take; tests/support/compose/refused-here.ts has the messages. */
const refused = [
  "a replicated job",
  "a global job",
  "several preferences",
  "templates and drivers",
  "a credential of a file",
];

beforeAll(async () => {
  if (!hasPlugin) return;
  jest.spyOn(console, "warn").mockImplementation(() => undefined);
  api = await RecordingApi.start();
  plugin = await DockerPlugin.start(api.host);
  const models = new Map<string, Recorded>();
  const all: Registered[] = [];
  // Each case is a stack of its own, so that all are created at once.
  for (const [at, [name, one]] of Object.entries(cases).entries()) {
    const model = await modelOf(one, `c${String(at)}`);
    if (model === undefined) continue;
    models.set(name, model);
    all.push(...(await registered(one, `c${String(at)}`)));
  }
  await create(plugin, all);
  const recorded = withoutHashes(api.take());
  for (const [name, model] of models) {
    compared.set(name, { model: accepted(excused(model)), sent: accepted(only(recorded, model)) });
  }
}, 300_000);

afterAll(async () => {
  if (!hasPlugin) return;
  await plugin.stop();
  await api.stop();
});

/** Requests to Docker's API for a stack; undefined for one that is refused. Docker also makes configs that no service uses. */
async function modelOf(one: Case, stack: string): Promise<Recorded | undefined> {
  const read = await applicationOf(one, stack);
  if (read.kind === "refused") return undefined;
  const { services, configs, secrets } = read.application;
  const used = new Set(services.flatMap((each) => [...each.configs, ...each.secrets].map(({ source }) => source)));
  return render({
    ...read.application,
    configs: configs.filter(({ key }) => used.has(key)),
    secrets: secrets.filter(({ key }) => used.has(key)),
  });
}

function excused(model: Recorded): Recorded {
  return Object.entries(onPurpose).reduce((changed, [why, change]) => {
    const next = change(changed);
    if (JSON.stringify(accepted(next)) !== JSON.stringify(accepted(changed))) excuses.add(why);
    return next;
  }, model);
}

/** Of everything that was made what has a name of the model. */
function only(recorded: Recorded, model: Recorded): Recorded {
  const named = (kind: keyof Recorded) => new Map([...recorded[kind]].filter(([name]) => model[kind].has(name)));
  return {
    services: named("services"),
    networks: named("networks"),
    configs: named("configs"),
    secrets: named("secrets"),
  };
}

withPlugin.each(Object.keys(cases).filter((name) => !refused.includes(name)))(
  "the built plugin sends of %s what the model says",
  (name) => {
    const { sent, model } = compared.get(name) ?? {};
    expect(sent).toBeDefined();
    expect(sent).toEqual(model);
  },
);

withPlugin("no other case is refused, and each excuse is needed", () => {
  expect(Object.keys(cases).filter((name) => !compared.has(name))).toEqual(refused);
  expect([...excuses].sort()).toEqual(Object.keys(onPurpose).sort());
});

withPlugin(
  "the built plugin sends of hundreds of generated services what the model says",
  async () => {
    const all = fc.sample(generatedService, { seed, numRuns: 200 }).map(sayable);
    const file = (services: readonly object[]): Case => {
      const named = Object.fromEntries(services.map((each, at) => [`s${String(at)}`, each]));
      return { files: { "compose.yaml": JSON.stringify({ services: named, ...shared }), "a.txt": "a" } };
    };
    const problems = await problemsOf(file(all));
    const names = new Set(problems.map((each) => /services\.(s\d+)\./.exec(each)?.[1]));
    const one = file(all.filter((_each, at) => !names.has(`s${String(at)}`)));
    const model = await modelOf(one, "generated");
    if (model === undefined) throw new Error((await problemsOf(one)).join("\n"));
    expect(model.services.size).toBeGreaterThan(100);
    await create(plugin, await registered(one, "generated"));
    expect(accepted(only(withoutHashes(api.take()), model))).toEqual(accepted(excused(model)));
  },
  300_000,
);
