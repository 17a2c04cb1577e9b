/**
 * Values of resources are shown as code, in which Markdown has no links, mentions, pictures or HTML. These functions prevent a
 * text from ending its code block, and characters that hide or reorder others.
 */

/** Characters that hide or reorder others, and unpaired surrogates. */
const unseen = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu;

const longestName = 80;

/** A text in which every character can be seen, on one line. */
export function visible(text: string): string {
  return text.replaceAll(unseen, (character) =>
    character === "\t" ? "\t" : `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`,
  );
}

/** A text, cut to a number of characters. */
export function shorten(text: string, longest: number): string {
  const characters = Array.from(text);
  return characters.length > longest ? `${characters.slice(0, longest - 1).join("")}…` : text;
}

/** A name as code within a line or a table, shortened if it is long. */
export function codeSpan(text: string): string {
  // Backticks would end the code, pipes the cell of a table.
  const safe = visible(text).replaceAll("`", "'").replaceAll("|", "¦").replaceAll("\t", " ").trim();
  return `\`${shorten(safe === "" ? "?" : safe, longestName)}\``;
}

/** Lines as a block of code, between fences longer than any row of backticks in them. */
export function codeBlock(language: string, lines: readonly string[]): string {
  const rows = lines.flatMap((line) => line.match(/`+/g) ?? []);
  const fence = "`".repeat(rows.reduce((longest, row) => Math.max(longest, row.length + 1), 3));
  return [`${fence}${language}`, ...lines, fence].join("\n");
}
