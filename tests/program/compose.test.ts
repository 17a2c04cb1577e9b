import * as fc from "fast-check";
import { describe as toText } from "../../compose/model/findings";
import { cases } from "../support/compose/cases";
import { composeKeys } from "../../compose/keys/table";
import { expectNone } from "../support/expect-none";
import { compare, read } from "../support/compose/compare";
import { differences } from "../support/compose/differences";
import { generatedService, shared } from "../support/compose/generated";
import { RecordingApi } from "../support/compose/recording-api";
import { hasDocker, inFolder } from "../support/compose/stack-deploy";

let api: RecordingApi;

beforeAll(async () => {
  api = await RecordingApi.start();
});

afterAll(() => api.stop());

/** Keys that the fake API cannot tell apart, or that this version of the client does not send. */
const unseen = new Set([
  "services.*.oom_score_adj",
  "volumes.*.x-cluster-spec",
  "services.*.volumes[].cluster",
  "services.*.volumes[].image",
  "services.*.volumes[].volume.subpath",
  "networks.*.x-*",
  "volumes.*.x-*",
  "configs.*.x-*",
  "secrets.*.x-*",
]);

/** The path of a finding with `*` for names and `[]` for items, as the table writes it. */
function patternOf(path: string): string {
  return path
    .replaceAll(/\[\d+\]/g, "[]")
    .replace(/^(services|networks|volumes|configs|secrets)\.[^.]+/, "$1.*")
    .replace(/^(services\.\*\.(?:networks|depends_on|ulimits))\.[^.]+/, "$1.*")
    .replace(/(^|\.)x-[^.]+$/, "$1x-*");
}

/** The generated services are the same in each run, so that CI judges the change; another number tries others. */
const seed = Number(process.env.FAST_CHECK_SEED ?? 20_261_127);

const withDocker = hasDocker ? test : test.skip;

withDocker.each(Object.entries(cases))("docker and the model make the same of %s", async (_name, one) => {
  const { docker, specs, model } = await compare(api, one);
  expect(docker.accepted ? "" : docker.message).toBe("");
  expect(model).toEqual(specs);
});

test("the cases have every key that docker honours", async () => {
  const seen = new Set<string>();
  for (const one of Object.values(cases)) {
    const { findings } = await inFolder(one.files, (folder) => read(folder, one));
    for (const { path } of findings) seen.add(patternOf(path));
  }
  const honoured = composeKeys.filter(({ docker, path }) => docker === "honours" && !unseen.has(path));
  expectNone(
    honoured.map(({ path }) => path).filter((path) => !seen.has(path)),
    "Add a case to tests/support/compose/cases.ts.",
  );
});

withDocker.each(Object.entries(differences))(
  "where docker does less with %s, a finding says so, and the stack is deployed",
  async (_name, { case: one, why, docker: does, path }) => {
    const { docker, result, specs, model } = await compare(api, one);
    expect(docker.accepted).toBe(does !== "refuses");
    expect(result.findings.filter(({ outcome }) => outcome === "refused").map(toText)).toEqual([]);
    const improved = result.findings.filter((finding) => finding.outcome === "improved" && finding.path === path);
    expect(improved.map(({ reason }) => reason).join()).toMatch(new RegExp(why));
    expect(model).not.toEqual(does === "takes" ? specs : undefined);
  },
);

withDocker(
  "docker and the model make the same of hundreds of generated services",
  async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(generatedService, { minLength: 200, maxLength: 200 }), async (all) => {
        const services = Object.fromEntries(all.map((each, i) => [`s${String(i)}`, each]));
        const files = { "compose.yaml": JSON.stringify({ services, ...shared }), "a.txt": "a" };
        const { docker, specs, model } = await compare(api, { files });
        expect(docker.accepted ? "" : docker.message).toBe("");
        expect(model).toEqual(specs);
      }),
      // A failure is shown by its diff: to shrink 200 services would take an hour.
      { seed, numRuns: 3, endOnFailure: true },
    );
  },
  120_000,
);

withDocker(
  "docker and the model merge two files of generated services alike",
  async () => {
    // A merged mode 'global' and number of replicas are refused by both.
    // Docker loses a later file's options of logging where the earlier one has a driver alone.
    const one = generatedService.map(({ deploy = {}, logging, ...rest }) => ({
      ...rest,
      deploy: { ...(deploy as object), mode: "replicated" },
      ...(logging === undefined ? {} : { logging: { options: { a: "b" }, ...(logging as object) } }),
    }));
    const pair = fc.tuple(one, one);
    await fc.assert(
      fc.asyncProperty(fc.array(pair, { minLength: 100, maxLength: 100 }), async (all) => {
        const file = (side: 0 | 1) => ({
          services: Object.fromEntries(all.map((each, i) => [`s${String(i)}`, each[side]])),
          ...(side === 0 ? shared : {}),
        });
        const files = {
          "compose.1.yaml": JSON.stringify(file(0)),
          "compose.2.yaml": JSON.stringify(file(1)),
          "a.txt": "a",
        };
        const { docker, specs, model } = await compare(api, { files });
        expect(docker.accepted ? "" : docker.message).toBe("");
        expect(model).toEqual(specs);
      }),
      { seed, numRuns: 3, endOnFailure: true },
    );
  },
  120_000,
);
