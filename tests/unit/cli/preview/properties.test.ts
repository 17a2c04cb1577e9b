import type { Step } from "../../../../cli/preview/events";
import { changedProperties, createdProperties } from "../../../../cli/preview/properties";
import type { Json } from "../../../../cli/preview/values";
import { maskedSecret, step, unknown, urnOf } from "../../../support/preview";

const urn = urnOf("docker:index/service:Service", "web");
const asIs = (text: string) => text;

/** The lines of an update. */
function linesOf(
  before: Readonly<Record<string, Json>>,
  after: Readonly<Record<string, Json>>,
  parts: Partial<Step> & { outputs?: Readonly<Record<string, Json>> } = {},
): string[] {
  const { outputs, ...rest } = parts;
  const made = step("update", urn, { before, after, ...rest });
  const old = made.old && outputs ? { ...made.old, outputs } : made.old;
  return changedProperties({ ...made, old }, asIs).map(({ sign, text }) => `${sign} ${text}`);
}

/** A provider's detailed diff of properties. */
const named = (kinds: Readonly<Record<string, string>>): Partial<Step> => ({
  detailedDiff: Object.fromEntries(
    Object.entries(kinds).map(([path, diffKind]) => [path, { diffKind, inputDiff: false }]),
  ),
});

test.each<[string, string[], string[]]>([
  ["a value", linesOf({ replicas: 4 }, { replicas: 7 }), ["- replicas: 4", "+ replicas: 7"]],
  ["a new value", linesOf({}, { user: "33" }), ["+ user: 33"]],
  ["a removed value", linesOf({ user: "33" }, {}), ["- user: 33"]],
  ["a value that is known after the update", linesOf({ id: "a" }, { id: unknown }), ["- id: a", "+ id: [unknown]"]],
  [
    "one of many keys below others",
    linesOf({ spec: { limits: { cpus: 1, memory: 64 } } }, { spec: { limits: { cpus: 2, memory: 64 } } }),
    ["  spec:", "    limits:", "-     cpus: 1", "+     cpus: 2"],
  ],
  [
    "a changed secret",
    linesOf({ data: maskedSecret }, { data: maskedSecret }, named({ data: "update" })),
    ["! data: another secret"],
  ],
  [
    "a value that was changed by hand",
    linesOf({ replicas: 4 }, { replicas: 4 }, { ...named({ replicas: "update" }), outputs: { replicas: 9 } }),
    ["- replicas: 9", "+ replicas: 4"],
  ],
  [
    "a value that was added by hand",
    linesOf({}, {}, { ...named({ labels: "delete" }), outputs: { labels: { by: "hand" } } }),
    ["- labels:", "-   by: hand"],
  ],
  [
    "an output, which is known after the update",
    linesOf({ a: 1 }, { a: 2 }, { ...named({ a: "update", ip: "update" }), outputs: { a: 1, ip: "10.0.0.1" } }),
    ["- a: 1", "+ a: 2"],
  ],
  [
    "a change that the provider reports without values",
    linesOf({ a: 1 }, { a: 1 }, { diffs: ["b", "a"], outputs: { a: 1 } }),
    ["! a: changed"],
  ],
  ["no property for a change without one", linesOf({ a: 1 }, { a: 1 }), []],
])("shows %s", (_, lines, expected) => {
  expect(lines).toEqual(expected);
});

test("a created resource lists every property, with hidden secrets", () => {
  const made = step("create", urn, { after: { name: "web", data: maskedSecret, mounts: ["a", "b"] } });
  expect(createdProperties(made, asIs).map(({ sign, text }) => `${sign} ${text}`)).toEqual([
    "+ data: [secret]",
    "+ mounts:",
    "+   - a",
    "+   - b",
    "+ name: web",
  ]);
});

test("a text with thousands of changed lines is shown as replaced", () => {
  const text = (word: string) => Array.from({ length: 3000 }, (_, line) => `${word} ${String(line)}`).join("\n");
  const lines = linesOf({ content: text("old") }, { content: text("new") });
  expect(lines.findLastIndex((line) => line.startsWith("-"))).toBeLessThan(
    lines.findIndex((line) => line.startsWith("+")),
  );
});
