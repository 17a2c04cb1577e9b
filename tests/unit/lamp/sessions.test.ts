import { sharesSessions, storeMemoryMiB } from "../../../stacks/lamp/session-settings";
import { stacks } from "../../../stacks/index";
import { parseConfig } from "../../../stacks/config";
import { plansOf } from "../../../stacks/plans";
import { withStacks, type RawConfig } from "../../support/configs";
import { refusal } from "../../support/refusal";

/** The configuration of lamp with these keys. */
function lampOf(lamp: RawConfig) {
  const config = parseConfig(withStacks({ steward: {}, lamp }));
  if (!config.lamp) throw new Error("there is no lamp");
  return { lamp: config.lamp, images: plansOf(stacks, config).images };
}

const scaled = { replicas: 1, autoscale: { min: 1, max: 2, metric: "cpu", target: 0.5 } };

test.each<[string, RawConfig, boolean]>([
  ["two tasks, the default", {}, true],
  ["one task", { php: { replicas: 1 } }, false],
  ["one task that may become two", { php: scaled }, true],
  ["one task that stays one", { php: { ...scaled, autoscale: { ...scaled.autoscale, max: 1 } } }, false],
  ["a task on every worker", { php: { replicas: "global" } }, true],
  ["no task", { php: { replicas: 0 } }, false],
  ["an image that may lack the extension", { php: { image: "php:8.4-fpm" } }, false],
  ["such an image, and the key", { php: { image: "php:8.4-fpm" }, sessions: { store: "shared" } }, true],
  ["one task, and the key", { php: { replicas: 1 }, sessions: { store: "shared" } }, true],
  ["two tasks that keep their own", { sessions: { store: "task" } }, false],
])("with %s", (_, raw, shared) => {
  const { lamp, images } = lampOf(raw);
  expect(sharesSessions(lamp)).toBe(shared);
  expect(images.includes("valkey")).toBe(shared);
});

test("valkey's limit leaves a quarter of the sessions' size and 32 MiB", () => {
  expect([4, 32, 1000].map(storeMemoryMiB)).toEqual([37, 72, 1282]);
});

test.each<[RawConfig, string]>([
  [{ store: "files" }, "lamp.sessions.store: is \"files\"; must be one of 'shared', 'task'"],
  [{ memoryMiB: 3 }, "lamp.sessions.memoryMiB: is 3; must be at least 4"],
  [{ memoryMiB: 1.5 }, "lamp.sessions.memoryMiB: is 1.5"],
])("%j is refused", (sessions, problem) => {
  expect(refusal(withStacks({ lamp: { sessions } })).join()).toContain(problem);
});
