import { renameSync, symlinkSync, utimesSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { findsNoChange, programHash } from "../../../../cli/engine/unchanged";
import { FakeFarm } from "../../../support/fake-farm";

const stack = "urn:pulumi:dev::swarm-farm::pulumi:pulumi:Stack::swarm-farm-dev";
const service = "urn:pulumi:dev::swarm-farm::docker:index/service:Service::hello";

interface Resource {
  readonly urn?: string;
  readonly parent?: string;
  readonly inputs?: Readonly<Record<string, unknown>>;
  readonly outputs?: Readonly<Record<string, unknown>>;
}

interface Log {
  readonly op: string;
  /** Of the stack. */
  readonly outputs: Readonly<Record<string, unknown>>;
  readonly summary: Readonly<Record<string, number>>;
}

/** A preview's log of one resource and the stack, as the engine writes it. */
function log(before: Resource, after: Resource, more: Partial<Log> = {}) {
  const { op = "same", outputs = {}, summary = { same: 1 } } = more;
  const state = (resource: Resource) => ({
    urn: service,
    parent: stack,
    inputs: {},
    outputs: {},
    id: "1",
    ...resource,
  });
  const [old, next] = [state(before), state(after)];
  const pre = { op, urn: service, old, new: { ...next, outputs: {}, id: "" } };
  const root = { urn: stack, parent: "", inputs: {}, outputs: {} };
  const events = [
    { preludeEvent: { config: {} } },
    { resourcePreEvent: { metadata: pre, planning: true } },
    { resOutputsEvent: { metadata: { ...pre, new: next }, planning: true } },
    { resOutputsEvent: { metadata: { op: "same", urn: stack, old: root, new: { ...root, outputs } } } },
    { diagnosticEvent: { severity: "info", message: "hello" } },
    { summaryEvent: { isPreview: true, resourceChanges: summary } },
    { cancelEvent: {} },
  ];
  return events.map((event) => `${JSON.stringify(event)}\n`).join("");
}

describe("a preview", () => {
  test("without a change is one, though ids and outputs are not known before a step", () => {
    expect(findsNoChange(log({}, {}))).toBe(true);
    expect(findsNoChange(log({ outputs: { id: "1" } }, { outputs: { id: "1" } }))).toBe(true);
  });

  test.each([
    ["an update", log({}, {}, { op: "update", summary: { update: 1, same: 1 } })],
    ["a read", log({}, {}, { op: "read" })],
    ["a change that only the summary has", log({}, {}, { summary: { same: 1, delete: 1 } })],
    ["another URN, by an alias", log({}, { urn: `${service}2` })],
    ["another parent", log({}, { parent: service })],
    ["another input, which the provider takes for none", log({ inputs: { a: 1 } }, { inputs: { a: 2 } })],
    ["an input more", log({}, { inputs: { a: null } })],
    ["an output of the stack", log({}, {}, { outputs: { urls: {} } })],
    ["no summary", log({}, {}).replace(/.*summaryEvent.*\n/, "")],
    ["a line that is cut off", log({}, {}).slice(0, -5)],
    ["nothing", ""],
    [
      "a resource without a state before",
      log({}, {}).replace(/"old":\{[^}]*\{\},"outputs":\{\},"id":"1"\}/, '"old":null'),
    ],
  ])("with %s is a change", (_, text) => {
    expect(findsNoChange(text)).toBe(false);
  });

  test("whose resource differs in any property is a change, and else none", () => {
    const values = fc.dictionary(
      fc.string().filter((key) => key !== "__proto__"),
      fc.jsonValue(),
      { maxKeys: 3 },
    );
    fc.assert(
      fc.property(values, values, (one, other) => {
        // As JSON has them: -0 is 0 there.
        const same = JSON.stringify(sorted(one)) === JSON.stringify(sorted(other));
        expect(findsNoChange(log({ inputs: one }, { inputs: other }))).toBe(same);
        expect(findsNoChange(log({ inputs: one }, { inputs: { ...one } }))).toBe(true);
      }),
    );
  });
});

/** With keys in one order, at every depth. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== "object" || value === null) return value;
  return Object.entries(value)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, inner]) => [key, sorted(inner)]);
}

describe("the hash of the program", () => {
  let farm: FakeFarm;
  beforeEach(() => {
    farm = new FakeFarm();
    farm.write("infra/plan.ts", "1");
    farm.write("Pulumi.dev.yaml", "config: {}\n");
  });
  afterEach(() => {
    farm.remove();
  });

  const hash = () => programHash(farm.context());

  test.each(["index.ts", "infra/plan.ts", "stacks/compose/index.ts", "package-lock.json", "Pulumi.dev.yaml"])(
    "has the text of %s, whatever its time",
    (file) => {
      const before = hash();
      farm.write(file, "2");
      utimesSync(join(farm.home, file), 1000, 1000);
      expect(hash()).not.toBe(before);
    },
  );

  test.each(["docs/README.md", "Pulumi.test.yaml", "cli/main.ts", "infra/node_modules/a/index.ts"])(
    "does not have that of %s, which the farm's program does not read",
    (file) => {
      const before = hash();
      farm.write(file, "2");
      expect(hash()).toBe(before);
    },
  );

  test("follows a folder that is a link, and no link within", () => {
    const before = hash();
    renameSync(join(farm.home, "infra"), join(farm.home, "v1"));
    symlinkSync("v1", join(farm.home, "infra"));
    symlinkSync("..", join(farm.home, "v1", "up"));
    expect(hash()).toBe(before);
    farm.write("v1/plan.ts", "2");
    expect(hash()).not.toBe(before);
  });
});
