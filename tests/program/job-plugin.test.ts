import { readFileSync } from "node:fs";
import { join } from "node:path";
import { forgetRuns } from "../../cli/engine/steps/jobs";
import { dockerSpec } from "../../infra/service/docker-spec";
import { DockerPlugin, hasPlugin, type Made, type Properties } from "../support/compose/plugin";
import { type JsonObject, RecordingApi } from "../support/compose/recording-api";
import { FakeFarm } from "../support/fake-farm";

const type = "docker:index/service:Service";
const ignored = ["taskSpec.containerSpec.sysctl"];

/** Inputs of a job, as the program registers them. */
const inputsOf = (name: string, image = "a:1"): Properties =>
  JSON.parse(
    JSON.stringify({
      name,
      ...dockerSpec({ image, job: { schedule: "0 2 * * *" }, stopGraceSeconds: 10, isolation: "default" }),
    }),
  ) as Properties;

/** Swarm's counter of a run. */
const counter = 3_600_000_000;

let api: RecordingApi;
let plugin: DockerPlugin;
let farm: FakeFarm;

beforeAll(async () => {
  if (!hasPlugin) return;
  farm = new FakeFarm();
  api = await RecordingApi.start();
  plugin = await DockerPlugin.start(api.host);
}, 60_000);

afterAll(async () => {
  if (!hasPlugin) return;
  await plugin.stop();
  await api.stop();
  farm.remove();
});

/** The part of a service in the swarm that a run changes. */
function runOf(name: string) {
  const { Mode, TaskTemplate } = api.made.services.get(name) as {
    Mode: { Replicated: { Replicas: number } };
    TaskTemplate: { ForceUpdate: number; ContainerSpec: { Image: string } };
  };
  return {
    replicas: Mode.Replicated.Replicas,
    forceUpdate: TaskTemplate.ForceUpdate,
    image: TaskTemplate.ContainerSpec.Image,
  };
}

/** Starts a run as apps/jobs does. */
async function startRun(name: string): Promise<void> {
  const { TaskTemplate, ...spec } = api.made.services.get(name) as Record<string, JsonObject>;
  const started = {
    ...spec,
    Mode: { Replicated: { Replicas: 1 } },
    TaskTemplate: { ...TaskTemplate, ForceUpdate: counter },
  };
  const url = `${api.host.replace("tcp:", "http:")}/services/${name}/update?version=1`;
  await fetch(url, { method: "POST", body: JSON.stringify(started) });
  expect(runOf(name)).toMatchObject({ replicas: 1, forceUpdate: counter });
}

/** A refreshed state after the step of `./farm`. */
async function forgotten(made: Made, state: { readonly inputs: Properties; readonly outputs: Properties }) {
  farm.program("pulumi", `case "$*" in "stack import") cat >$here/imported ;; esac`);
  const resources = [{ urn: made.urn, type, ...state }];
  await forgetRuns(farm.context(), JSON.stringify({ version: 3, deployment: { resources } }));
  const imported = JSON.parse(readFileSync(join(farm.home, "imported"), "utf8")) as {
    deployment: { resources: [{ inputs: Properties; outputs: Properties }] };
  };
  return plugin.restored(made, imported.deployment.resources[0]);
}

const withPlugin = hasPlugin ? test : test.skip;
jest.setTimeout(120_000);

withPlugin(
  "a job is created without a task; after a run a preview shows nothing, and an update starts nothing",
  async () => {
    const made = await plugin.create(type, "report", inputsOf("report"));
    expect(runOf("report")).toMatchObject({ replicas: 0, forceUpdate: 0 });
    await startRun("report");
    expect((await plugin.changes(made, inputsOf("report"), ignored)).detailedDiff).toEqual({});
    await plugin.update(made, inputsOf("report", "a:2"), ignored);
    expect(runOf("report")).toMatchObject({ replicas: 0, forceUpdate: 0, image: "a:2" });
  },
);

withPlugin("a refresh sees the run, and ./farm makes the job idle in the state again", async () => {
  const made = await plugin.create(type, "nightly", inputsOf("nightly"));
  await startRun("nightly");
  const refreshed = await plugin.read(made);
  const seen = await plugin.changes(plugin.restored(made, refreshed), inputsOf("nightly"), ignored);
  expect(Object.keys(seen.detailedDiff)).toContain("mode.replicated.replicas");
  const idle = await forgotten(made, refreshed);
  expect((await plugin.changes(idle, inputsOf("nightly"), ignored)).detailedDiff).toEqual({});
  await plugin.update(idle, inputsOf("nightly", "a:2"), ignored);
  expect(runOf("nightly")).toMatchObject({ replicas: 0, forceUpdate: 0, image: "a:2" });
});
