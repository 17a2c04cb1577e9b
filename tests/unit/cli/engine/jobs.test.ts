import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { forgetRuns } from "../../../../cli/engine/steps/jobs";
import { FakeFarm } from "../../../support/fake-farm";

let farm: FakeFarm;
beforeEach(() => {
  farm = new FakeFarm();
});
afterEach(() => {
  farm.remove();
});

const enable = { label: "swarm.cronjob.enable", value: "true" };

/** A service in the state, as a refresh leaves it. */
const service = (properties: object, type = "docker:index/service:Service") => ({
  urn: `urn:pulumi:dev::swarm-farm::${type}::shop`,
  type,
  custom: true,
  inputs: properties,
  outputs: properties,
});

const refreshed = {
  name: "shop_report",
  labels: [enable],
  mode: { replicated: { replicas: 2 } },
  taskSpec: { containerSpec: { image: "a" }, forceUpdate: 3_600_000_000 },
};

/** Has neither inputs nor outputs: so it is with the stack itself, and with what is being deleted. */
const stack = { urn: "urn:pulumi:dev::swarm-farm::pulumi:pulumi:Stack::dev", type: "pulumi:pulumi:Stack" };

/** The state that is imported; undefined if none is. */
async function forget(...more: readonly object[]): Promise<unknown> {
  farm.program("pulumi", `case "$*" in "stack import") cat >$here/imported ;; esac`);
  const resources = [stack, ...more];
  await forgetRuns(farm.context(), JSON.stringify({ version: 3, deployment: { manifest: 1, resources } }));
  const file = join(farm.home, "imported");
  return existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : undefined;
}

test("a job is without a task in the state again, and nothing else of it changes", async () => {
  const other = service({ ...refreshed, labels: [] });
  const taskSpec = { ...refreshed.taskSpec, forceUpdate: 0 };
  const idle = { ...refreshed, mode: { replicated: { replicas: 0 } }, taskSpec };
  expect(await forget(service(refreshed), other)).toEqual({
    version: 3,
    deployment: {
      manifest: 1,
      resources: [stack, service(idle), other],
    },
  });
});

test("parts that are secret stay as they are", async () => {
  const secret = { "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", ciphertext: "v1:x" };
  const imported = await forget(service({ ...refreshed, taskSpec: secret }));
  expect(imported).toMatchObject({
    deployment: { resources: [stack, { outputs: { mode: { replicated: { replicas: 0 } }, taskSpec: secret } }] },
  });
});

test("a state of another form is an error, and no reason to leave runs in it", async () => {
  await expect(forgetRuns(farm.context(), '{"deployment":{"resources":[{"type":1}]}}')).rejects.toThrow(
    "the stack's state is of a form that this version does not know",
  );
});

test.each([
  ["no job has run", [service({ labels: [enable], mode: { replicated: { replicas: 0 } }, taskSpec: {} })]],
  [
    "no service is a job",
    [
      service({ ...refreshed, labels: undefined }),
      service({ ...refreshed, labels: [{ ...enable, value: "false" }] }),
      service(refreshed, "docker:index/network:Network"),
    ],
  ],
  ["the farm is empty", []],
])("if %s, nothing is imported", async (_, resources) => {
  expect(await forget(...resources)).toBeUndefined();
});
