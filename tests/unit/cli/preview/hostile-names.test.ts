import fc from "fast-check";
import { changesOf } from "../../../../cli/preview/changes";
import type { Step } from "../../../../cli/preview/events";
import { failureText, previewText } from "../../../../cli/preview/markdown";
import type { JsonObject } from "../../../../cli/preview/values";
import { nodeStep, step, urnOf } from "../../../support/preview";

/** Limit of GitHub. */
const longestComment = 65_536;

/** Texts that would end a block of code or a cell, mention a user, or create a link, and text that is not printable. */
const hostile = fc.oneof(
  fc.constantFrom(
    "```",
    "~~~~",
    "````\n# x",
    "\r```\r",
    "`@everyone`",
    "| a | b |",
    "<img src=x>",
    "-->",
    "[a](http://b)",
  ),
  fc.constantFrom("\u2028", "\u202e", "\ud800", "\u0000", "\u001b[31m", "\n\n", "@org/team", "#1"),
  fc.string({ unit: "binary" }),
  fc.string({ unit: fc.constantFrom("`", "\n", " ", "x"), maxLength: 400 }),
);
const text = fc.array(hostile, { maxLength: 6 }).map((parts) => parts.join(""));

const properties = fc
  .dictionary(text, fc.oneof(text, fc.jsonValue({ maxDepth: 3 }), fc.array(text)), { maxKeys: 5 })
  .map((each) => JSON.parse(JSON.stringify(each)) as JsonObject);

const operation = fc.constantFrom(
  "same",
  "create",
  "update",
  "replace",
  "create-replacement",
  "delete-replaced",
  "delete",
  "read",
);

const anyStep: fc.Arbitrary<Step> = fc.oneof(
  fc
    .tuple(
      operation,
      fc.oneof(text, fc.constantFrom("a$c:d:E", "b$c:d:E")),
      fc.oneof(text, fc.constant("f")),
      properties,
      properties,
      fc.array(text, { maxLength: 3 }),
    )
    .map(([op, type, name, before, after, keys]) => step(op, urnOf(type, name), { before, after, keys })),
  fc
    .tuple(operation, fc.oneof(text, fc.constantFrom("worker1", "worker2")), fc.constantFrom("domain", "disk"))
    .map(([op, node, noun]) => nodeStep(op, node, noun)),
);
const steps = fc.array(anyStep, { maxLength: 30 });

function textOf(all: readonly Step[]): string {
  return previewText(
    "dev",
    changesOf(all, (each) => each),
    0,
  );
}

/** The text without its blocks of code, as CommonMark finds them, and the contents of the blocks. */
function outsideCode(markdown: string): { prose: string; blocks: string[][] } {
  const prose: string[] = [];
  const blocks: string[][] = [];
  let fence: string | undefined;
  for (const line of markdown.split(/\r\n|\r|\n/)) {
    const [, own, rest] = /^ {0,3}(`{3,}|~{3,})(.*)$/.exec(line) ?? [];
    if (fence === undefined) {
      if (own) {
        fence = own;
        blocks.push([]);
      } else prose.push(line.replaceAll(/`[^`]*`/g, ""));
    } else if (own?.startsWith(fence) && rest?.trim() === "") fence = undefined;
    else blocks.at(-1)?.push(line);
  }
  return { prose: prose.join("\n"), blocks };
}

/** Text outside of code is ours alone: no character of a resource is among these. */
const ours = /^[\w\s.,:*#|<>!'/-]*$/;

test("no text is longer than a comment on GitHub may be", () => {
  fc.assert(
    fc.property(steps, fc.integer({ min: 1, max: 60 }), (some, times) => {
      const many = Array.from({ length: times }, (_, at) =>
        some.map((each) => ({ ...each, urn: `${each.urn}${at}` })),
      ).flat();
      expect(textOf(many).length).toBeLessThanOrEqual(longestComment - 500);
    }),
    { numRuns: 60 },
  );
});

test("values of resources stay inside the code block", () => {
  fc.assert(
    fc.property(steps, (some) => {
      const changes = changesOf(some, (each) => each);
      const { prose, blocks } = outsideCode(textOf(some));
      expect(prose).toMatch(ours);
      expect(blocks).toHaveLength(changes.length > 0 ? 1 : 0);
      expect(blocks.flat().filter((line) => !/^(@@ |[+!-] | {2})/.test(line))).toEqual([]);
    }),
    { numRuns: 200 },
  );
});

test("an error stays inside its code block", () => {
  fc.assert(
    fc.property(fc.array(text, { minLength: 1, maxLength: 5 }), (messages) => {
      const { prose, blocks } = outsideCode(failureText("dev", messages));
      expect(prose).toMatch(ours);
      expect(blocks.length).toBeLessThanOrEqual(1);
    }),
  );
});

test("every changed resource is counted once", () => {
  fc.assert(
    fc.property(steps, (some) => {
      const touched = new Set(some.filter(({ op }) => op !== "same" && op !== "read").map(({ urn }) => urn));
      const markdown = textOf(some);
      const all = /^\| \*\*all\*\* \|(.*)\|$/m.exec(markdown)?.[1] ?? "";
      const total = all.split("|").reduce((sum, cell) => sum + Number(cell), 0);
      expect(total).toBe(touched.size);
      expect(markdown.split("\n").filter((line) => line.startsWith("@@ "))).toHaveLength(touched.size);
    }),
    { numRuns: 200 },
  );
});

test("the order of the engine's steps makes no difference", () => {
  fc.assert(
    fc.property(
      fc.uniqueArray(anyStep, { selector: ({ urn }) => urn, maxLength: 20 }),
      fc.infiniteStream(fc.nat()),
      (some, chance) => {
        const keyed = some.map((each) => ({ each, key: chance.next().value as number }));
        const mixed = keyed.sort((a, b) => a.key - b.key).map(({ each }) => each);
        expect(textOf(mixed)).toBe(textOf(some));
      },
    ),
  );
});
