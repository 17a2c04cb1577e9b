import { counted } from "../../infra/config/counted";
import type { Change } from "./change";
import { cutToFit } from "./cut";
import { codeBlock, codeSpan, shorten, visible } from "./escape";
import { counts, vmWarning, noteList, table } from "./summary";

/**
 * GitHub refuses comments above 65,536 characters. Bytes are counted, of which a character has at least one, and some
 * are left for lines that a workflow adds.
 */
export const longestText = 65_000;

/** Bytes for fences, headings, and the note about cut lines. */
const reserved = 1_000;

/** Properties are wrapped before this; what is longer has a very long name. It also bounds the fences. */
const longestLine = 300;

/** The longest error message. */
const longestMessage = 20_000;

/** The first line of every text: a comment with it is edited in place instead of adding another. */
export function marker(stack: string): string {
  return `<!-- swarm-farm preview ${stack} -->`;
}

/**
 * The result of a preview.
 *
 * @param notes warnings, and what the changes mean for requests to services
 */
export function previewText(
  stack: string,
  changes: readonly Change[],
  unchanged: number,
  notes: readonly string[] = [],
): string {
  if (changes.length === 0) {
    return text(stack, "no changes", [
      `${counted(unchanged, "resource is as it is declared", "resources are as they are declared")}.`,
    ]);
  }
  const warning = vmWarning(changes);
  // The Pulumi stack is created only with a new farm.
  const fromNothing = changes.some(({ type, operation }) => type === "pulumi:pulumi:Stack" && operation === "create");
  const beginning = fromNothing ? ["There is no farm yet, or its state was not to be had: this is all of it.", ""] : [];
  const summary = [
    ...beginning,
    ...(warning.length > 0 ? [...warning, ""] : []),
    ...(notes.length > 0 ? [...noteList(notes), ""] : []),
    ...table(changes),
  ];
  const head = text(stack, counts(changes), summary);
  const diff = diffText(changes, longestText - reserved - Buffer.byteLength(head));
  return `${head}\n${diff}`;
}

/** Why there is no preview. */
export function failureText(stack: string, messages: readonly string[]): string {
  const lines = messages
    .flatMap((message) => message.trimEnd().split("\n"))
    .map((line) => shorten(visible(line), longestLine * 3));
  const { lines: shown, left } = cutToFit(lines, longestMessage);
  const block = lines.length === 0 ? ["It ended without saying why."] : [codeBlock("text", shown)];
  return text(stack, "the preview failed", [
    ...block,
    ...(left > 0 ? ["", `${counted(left, "more line is", "more lines are")} in the log.`] : []),
  ]);
}

function text(stack: string, title: string, body: readonly string[]): string {
  return [marker(stack), `### swarm-farm ${codeSpan(stack)}: ${title}`, "", ...body, ""].join("\n");
}

function diffText(changes: readonly Change[], bytes: number): string {
  const lines = changes.flatMap(section);
  const { lines: shown, left } = cutToFit(lines, bytes);
  const note =
    left === 0
      ? []
      : [
          `**${left} of the diff's ${lines.length} lines ${left === 1 ? "is" : "are"} cut**: \`./farm preview --diff\` shows them.`,
          "",
        ];
  return [codeBlock("diff", shown), "", ...note].join("\n");
}

/** One resource of the diff: a heading, and its properties. */
function section({ operation, name, type, because, lines }: Change): string[] {
  const reasons = because.length > 0 ? ` · because of ${because.join(", ")}` : "";
  const own = [
    `@@ ${operation} ${name} · ${type}${reasons} @@`,
    ...lines.map(({ sign, text: line }) => `${sign} ${line}`),
  ];
  return own.map((line) => shorten(visible(line), longestLine));
}
