import { readFileSync } from "node:fs";
import { join } from "node:path";
import { changesOf } from "../../cli/preview/changes";
import { parseEvents } from "../../cli/preview/events";
import { failureText, previewText } from "../../cli/preview/markdown";

/**
 * The event log of `pulumi preview` for the shipped program, shortened: of a farm that was not there, of one whose
 * nodes were changed in the configuration (its state made up), and of one that lacked an image.
 */
function recorded(name: string) {
  const log = readFileSync(join(__dirname, "previews", `${name}.jsonl`), "utf8");
  const summary = /"resourceChanges":(\{[^}]*\})/.exec(log)?.[1] ?? "{}";
  const { steps, errors } = parseEvents(log);
  const changes = changesOf(steps, (text) => text);
  return {
    changes,
    errors,
    text: previewText("dev", changes, 0),
    counted: JSON.parse(summary) as Record<string, number>,
  };
}

/** The lines of one resource in the diff. */
function diffOf(text: string, heading: string): string[] {
  const lines = text.split("\n");
  const start = lines.findIndex((line) => line.startsWith(`@@ ${heading} ·`));
  const end = lines.findIndex((line, at) => at > start && /^(@@|`)/.test(line));
  return start < 0 ? [] : lines.slice(start, end);
}

test.each(["first", "changes"])("the numbers of the %s preview are Pulumi's own", (name) => {
  const { text, counted } = recorded(name);
  const all = ["create", "update", "replace", "delete"].map((operation) => counted[operation] ?? "").join(" | ");
  expect(text).toContain(`| **all** | ${all} |`);
});

test("a first preview is all of the farm", () => {
  const { text } = recorded("first");
  expect(text).toContain("### swarm-farm `dev`: 138 to create\n\nThere is no farm yet");
  expect(text).not.toContain("lost");
  expect(diffOf(text, "create hello-service")).toEqual(
    expect.arrayContaining(["+ mode:", "+   replicated:", "+     replicas: 4"]),
  );
});

describe("nodes that are changed in the configuration", () => {
  const { text } = recorded("changes");

  test("are listed first: more memory, one deleted, a larger disk", () => {
    expect(text.split("\n").slice(3, 9)).toEqual([
      "**4 VMs are replaced or deleted:**",
      "",
      "- `manager1`: replaced, its disk stays",
      "- `worker1`: replaced, its disk stays",
      "- `worker2`: deleted with its disk, **what is on it is lost**",
      "- `worker3`: replaced with its disk, **what is on it is lost**",
    ]);
  });

  test("are shown with their differences", () => {
    expect(diffOf(text, "replace worker3-disk")).toEqual([
      "@@ replace worker3-disk · libvirt:index/volume:Volume · because of size @@",
      "- size: 8589934592",
      "+ size: 25769803776",
    ]);
    expect(diffOf(text, "replace worker1-domain")).toEqual(
      expect.arrayContaining(["- memory: 1024", "+ memory: 1536", "+     volumeId: [unknown]"]),
    );
    expect(diffOf(text, "replace hello-service").slice(1, 5)).toEqual([
      "  mode:",
      "    replicated:",
      "-     replicas: 4",
      "+     replicas: 7",
    ]);
    expect(diffOf(text, "update local-network")).toEqual(
      expect.arrayContaining(["  dns:", "    hosts:", "-       hostname: worker2", "+       hostname: worker4"]),
    );
    expect(diffOf(text, "delete worker2-domain")).toEqual([
      "@@ delete worker2-domain · libvirt:index/domain:Domain @@",
    ]);
  });

  test("change secrets, which are shown as changed without a value", () => {
    expect(diffOf(text, "update swarm-docker")).toEqual([
      "@@ update swarm-docker · pulumi:providers:docker @@",
      "! registryAuth: another secret",
    ]);
  });
});

test("a preview that failed has Pulumi's error", () => {
  const { errors } = recorded("failed");
  expect(errors).toHaveLength(1);
  expect(failureText("dev", errors)).toContain("failed to open asset file");
});
