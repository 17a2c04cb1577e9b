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

test.each<[string, RawConfig, boolean]>([
  ["the default", {}, false],
  ["each task its own", { sessions: { store: "task" } }, false],
  ["shared", { sessions: { store: "shared" } }, true],
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
