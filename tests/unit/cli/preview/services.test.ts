import { serviceNotes } from "../../../../cli/preview/services";
import { replacementOf } from "../../../../infra/service/replacements";
import { step, urnOf } from "../../../support/preview";

const urn = urnOf("swarm-farm:service:SwarmService$docker:index/service:Service", "web-service");
const same = (text: string) => text;
const taskSpec = { containerSpec: { image: "a", env: { A: "1", B: "2" } } };
const service = (changes = {}) => ({ name: "web", taskSpec, labels: [], ...changes });
const changedLabels = step("update", urn, {
  before: service(),
  after: service({ labels: [{ label: "a", value: "b" }] }),
});

test.each([
  ["taskSpec.networksAdvanceds[0].aliases", "networks or their aliases"],
  ["taskSpec.containerSpec.labels[1].value", "container labels"],
  ["taskSpec.containerSpec.mounts[0].volumeOptions.labels[0].label", "volume labels"],
  ['taskSpec.containerSpec.sysctl["net.core.somaxconn"]', "sysctls"],
  ["mode.global", "mode"],
  ["name", "name"],
  ["labels[0].value", undefined],
  ["taskSpec.containerSpec.mounts[0].target", undefined],
])("a change of %s replaces a service because of its %s", (path, what) => {
  expect(replacementOf(path)?.what).toBe(what);
});

test("the note about a replaced service has the configuration's changes, without computed values of the plugin", () => {
  const on = (...ids: string[]) => service({ taskSpec: { ...taskSpec, networksAdvanceds: ids.map((id) => ({ id })) } });
  const parts = {
    before: on("front", "back"),
    after: on("back"),
    keys: ["taskSpec"],
    // As the docker plugin answers when a network is removed: it also shows what it computes for every new service.
    detailedDiff: {
      "taskSpec.containerSpec.sysctl": { diffKind: "add-replace", inputDiff: false },
      "taskSpec.containerSpec.user": { diffKind: "add", inputDiff: false },
      "taskSpec.networksAdvanceds[1]": { diffKind: "delete-replace", inputDiff: false },
    },
  };
  const steps = ["delete-replaced", "replace", "create-replacement"].map((op) => step(op, urn, parts));
  expect(serviceNotes(steps, true, same)).toEqual([
    "service 'web' is deleted and created again because of its networks or their aliases: requests to it fail from the end of " +
      "its tasks until a new task is healthy",
  ]);
});

test.each([
  ["taskSpec.networksAdvanceds", "networks or their aliases"],
  ["taskSpec.containerSpec.mounts", "volume labels"],
])("a change in the set %s is the reason if the plugin reports none", (path, what) => {
  const detailedDiff = {
    __meta: { diffKind: "update-replace", inputDiff: false },
    [path]: { diffKind: "update", inputDiff: false },
  };
  const containerSpec = { ...taskSpec.containerSpec, mounts: [] };
  const inputs = service({ taskSpec: { containerSpec, networksAdvanceds: [] } });
  const parts = { before: inputs, after: inputs, keys: ["__meta"], detailedDiff };
  expect(serviceNotes([step("replace", urn, parts)], true, same)[0]).toContain(`because of its ${what}: `);
});

test("with the plugin that sorts variables a changed label, number of replicas or port restarts no task", () => {
  expect(serviceNotes([changedLabels], true, same)).toEqual([]);
});

test("with the official plugin such a change restarts all tasks, and the note says so", () => {
  expect(serviceNotes([changedLabels], false, same)).toEqual([
    "service 'web' restarts its tasks, though nothing of a task changes: the official docker plugin sends its 2 environment " +
      "variables in random order",
  ]);
});

test.each([
  ["one variable has one order", service({ taskSpec: { containerSpec: { image: "a", env: { A: "1" } } } }), undefined],
  ["another image restarts them anyway", service(), { containerSpec: { ...taskSpec.containerSpec, image: "b" } }],
])("%s: there is no note", (_, before, task) => {
  const after = { ...before, labels: [{ label: "a", value: "b" }], ...(task && { taskSpec: task }) };
  expect(serviceNotes([step("update", urn, { before, after })], false, same)).toEqual([]);
});

test("ignores other resources, and hides secrets", () => {
  const other = step("replace", urnOf("docker:index/network:Network", "web"), { before: {}, after: {} });
  expect(serviceNotes([other], false, same)).toEqual([]);
  expect(serviceNotes([changedLabels], false, (text) => text.replaceAll("web", "***"))[0]).toMatch(/^service '\*\*\*'/);
});
