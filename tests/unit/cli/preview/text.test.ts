import { changesOf } from "../../../../cli/preview/changes";
import type { Step } from "../../../../cli/preview/events";
import { failureText, previewText } from "../../../../cli/preview/markdown";
import { maskedSecret, nodeStep, step, unknown, urnOf } from "../../../support/preview";

/** Limit of GitHub. */
const longestComment = 65_536;

const service = urnOf("swarm-farm:stacks:Hello$docker:index/service:Service", "hello-service");
const command = (name: string) => urnOf("command:remote:Command", name);

function textOf(...steps: Step[]): string {
  return previewText(
    "dev",
    changesOf(steps, (text) => text),
    5,
  );
}

/** The lines between the fences. */
function diffOf(...steps: Step[]): string[] {
  const lines = textOf(...steps).split("\n");
  return lines.slice(lines.indexOf("```diff") + 1, lines.lastIndexOf("```"));
}

test("is one line for a preview without changes", () => {
  expect(textOf(step("same", service), step("read", command("a")), step("refresh", command("b")))).toBe(
    "<!-- swarm-farm preview dev -->\n### swarm-farm `dev`: no changes\n\n5 resources are as they are declared.\n",
  );
});

test("lists lost VMs first, then the table, then the diff with the most severe change first", () => {
  const text = textOf(
    step("create", command("worker4-join"), { after: { create: "docker swarm join" } }),
    step("update", service, { before: { replicas: 4 }, after: { replicas: 7 } }),
    nodeStep("delete", "worker2", "domain"),
    nodeStep("delete", "worker2", "disk"),
    nodeStep("replace", "worker10", "domain"),
    nodeStep("delete-replaced", "worker3", "disk"),
    nodeStep("replace", "worker3", "disk"),
    nodeStep("replace", "worker3", "domain"),
  );
  expect(text).toBe(`<!-- swarm-farm preview dev -->
### swarm-farm \`dev\`: 1 to create, 1 to update, 3 to replace, 2 to delete

**3 VMs are replaced or deleted:**

- \`worker2\`: deleted with its disk, **what is on it is lost**
- \`worker3\`: replaced with its disk, **what is on it is lost**
- \`worker10\`: replaced, its disk stays

| resource | create | update | replace | delete |
| --- | ---: | ---: | ---: | ---: |
| \`command:remote:Command\` | 1 |  |  |  |
| \`docker:index/service:Service\` |  | 1 |  |  |
| \`libvirt:index/domain:Domain\` |  |  | 2 | 1 |
| \`libvirt:index/volume:Volume\` |  |  | 1 | 1 |
| **all** | 1 | 1 | 3 | 2 |

\`\`\`diff
@@ replace worker3-disk · libvirt:index/volume:Volume @@
@@ replace worker3-domain · libvirt:index/domain:Domain @@
@@ replace worker10-domain · libvirt:index/domain:Domain @@
@@ delete worker2-disk · libvirt:index/volume:Volume @@
@@ delete worker2-domain · libvirt:index/domain:Domain @@
@@ update hello-service · docker:index/service:Service @@
- replicas: 4
+ replicas: 7
@@ create worker4-join · command:remote:Command @@
+ create: docker swarm join
\`\`\`
`);
});

test("reports a disk that is replaced without its VM", () => {
  expect(textOf(nodeStep("replace", "worker1", "disk"))).toContain(
    "- `worker1`: its disk is replaced, **what is on it is lost**",
  );
});

test("does not report an image that is uploaded again as a lost disk", () => {
  const image = urnOf("swarm-farm:libvirt:ImageVolumes$libvirt:index/volume:Volume", "local-image-disk");
  expect(textOf(step("replace", image))).not.toContain("lost");
});

test("says that there is no farm yet", () => {
  expect(textOf(step("create", urnOf("pulumi:pulumi:Stack", "swarm-farm-dev")))).toContain("There is no farm yet");
});

test("shows a replacement's three steps as one change, with the properties that require it", () => {
  const states = { before: { size: 1 }, after: { size: 2 }, keys: ["size"] };
  expect(
    diffOf(
      step("delete-replaced", command("a"), { before: { size: 1 } }),
      step("replace", command("a"), states),
      step("create-replacement", command("a"), states),
    ),
  ).toEqual(["@@ replace a · command:remote:Command · because of size @@", "- size: 1", "+ size: 2"]);
});

test("shows the more severe of two changes of one resource", () => {
  const leftover = { old: { parent: "", inputs: {} } };
  expect(
    diffOf(step("update", command("a"), { before: {}, after: {} }), step("delete", command("a"), leftover)),
  ).toEqual(["@@ delete a · command:remote:Command @@"]);
});

describe("a change", () => {
  const update = (before: Step["new"], after: Step["new"], rest: Partial<Step> = {}) =>
    diffOf({ ...step("update", service), old: before, new: after, ...rest }).slice(1);
  const state = (inputs: NonNullable<Step["new"]>["inputs"], outputs?: typeof inputs) => ({
    parent: "",
    inputs,
    outputs,
  });

  test("stands under its parent keys", () => {
    expect(
      update(
        state({ mode: { replicated: { replicas: 4 } }, name: "hello" }),
        state({ mode: { replicated: { replicas: 7 } }, name: "hello" }),
      ),
    ).toEqual(["  mode:", "    replicated:", "-     replicas: 4", "+     replicas: 7"]);
  });

  test("in the middle of a list shows that element alone", () => {
    expect(update(state({ hosts: ["a", "c"] }), state({ hosts: ["a", "b", "c"] }))).toEqual(["  hosts:", "+   - b"]);
  });

  test("in a text of several lines has two lines of context", () => {
    const numbered = (change: string) => ["1", "2", "3", "4", change, "6", "7", "8", "9"].join("\n");
    expect(update(state({ create: numbered("5") }), state({ create: numbered("five") }))).toEqual([
      "  create: |",
      "    …",
      "    3",
      "    4",
      "-   5",
      "+   five",
      "    6",
      "    7",
    ]);
  });

  test("at the end of a long line is visible", () => {
    const long = "x".repeat(1000);
    const lines = update(state({ text: `${long}1` }), state({ text: `${long}2` }));
    expect(lines.filter((line) => /^[+-]/.test(line))).toEqual([
      expect.stringMatching(/^- {3}x+1$/),
      expect.stringMatching(/^\+ {3}x+2$/),
    ]);
  });

  test("in a text that is JSON is shown by its keys", () => {
    expect(update(state({ spec: '{"a":1,"b":{"c":2}}' }), state({ spec: '{"a":1,"b":{"c":3}}' }))).toEqual([
      "  spec:",
      "    b:",
      "-     c: 2",
      "+     c: 3",
    ]);
  });

  test("to a value that only the update knows says so", () => {
    expect(update(state({ id: "abc" }), state({ id: unknown }))).toEqual(["- id: abc", "+ id: [unknown]"]);
  });

  test("of a secret is reported without its value", () => {
    const detailedDiff = { stdin: { diffKind: "update", inputDiff: true } };
    expect(update(state({ stdin: maskedSecret }), state({ stdin: maskedSecret }), { detailedDiff })).toEqual([
      "! stdin: another secret",
    ]);
  });

  test("that was made by hand shows the actual value", () => {
    const detailedDiff = { memory: { diffKind: "update", inputDiff: false } };
    expect(update(state({ memory: 1024 }, { memory: 512 }), state({ memory: 1024 }), { detailedDiff })).toEqual([
      "- memory: 512",
      "+ memory: 1024",
    ]);
  });

  test("leaves out Pulumi's internal keys", () => {
    expect(update(state({ a: 1, __defaults: [] }), state({ a: 2, __defaults: ["b"] }))).toEqual(["- a: 1", "+ a: 2"]);
  });
});

test("of a created resource lists its properties, long texts by their first lines", () => {
  const script = ["1", "2", "3", "4", "5", "6"].join("\n");
  expect(diffOf(step("create", command("a"), { after: { create: script, list: [{ x: true }], none: {} } }))).toEqual([
    "@@ create a · command:remote:Command @@",
    "+ create: |",
    ...["1", "2", "3", "4"].map((line) => `+   ${line}`),
    "+   … 2 more lines",
    "+ list:",
    "+   -",
    "+     x: true",
    "+ none: {}",
  ]);
});

test("a diff that is too long is cut after its summary, with the number of lines that are cut", () => {
  const many = Array.from({ length: 3000 }, (_, at) =>
    step("create", command(`c${at}`), { after: { create: "echo something of a certain length" } }),
  );
  const text = textOf(...many, nodeStep("replace", "worker1", "domain"));
  expect(text.length).toBeLessThanOrEqual(longestComment - 500);
  expect(text.length).toBeGreaterThan(longestComment - 3000);
  expect(text).toContain("- `worker1`: replaced, its disk stays");
  expect(text).toContain("| **all** | 3000 |  | 1 |  |");
  const [, cut, all] = /\*\*(\d+) of the diff's (\d+) lines are cut\*\*/.exec(text) ?? [];
  expect(Number(all)).toBe(6001);
  const shown = text.split("\n").filter((line) => /^(@@|\+) /.test(line));
  expect(shown).toHaveLength(Number(all) - Number(cut));
});

test("a preview that failed has the reason", () => {
  expect(failureText("dev", ["the configuration has 1 problem:\n  nodes: none"])).toBe(
    "<!-- swarm-farm preview dev -->\n### swarm-farm `dev`: the preview failed\n\n```text\nthe configuration has 1 problem:\n  nodes: none\n```\n",
  );
  expect(failureText("dev", [])).toContain("without saying why");
});
