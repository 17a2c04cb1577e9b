/**
 * What comes from resources is only ever shown as code: there Markdown has no links, mentions, pictures or HTML. What
 * is left to prevent is a text that ends its code, and one that reads otherwise than it is.
 */

/** Characters that move, hide or turn round what stands beside them, and halves of characters. */
const unseen = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu;

const longestName = 80;

/** A text in which every character can be seen, on one line. */
export function visible(text: string): string {
  return text.replaceAll(unseen, (character) =>
    character === "\t" ? "\t" : `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`,
  );
}

/** A text's first characters, if it has more than so many. */
export function shorten(text: string, longest: number): string {
  const characters = Array.from(text);
  return characters.length > longest ? `${characters.slice(0, longest - 1).join("")}…` : text;
}

/** A name as code within a line or a table, shortened if it is long. */
export function codeSpan(text: string): string {
  // Backticks would end it, pipes the table's cell, also where they stand in code.
  const safe = visible(text).replaceAll("`", "'").replaceAll("|", "¦").replaceAll("\t", " ").trim();
  return `\`${shorten(safe === "" ? "?" : safe, longestName)}\``;
}

/** Lines as a block of code, between fences longer than any row of backticks in them. */
export function codeBlock(language: string, lines: readonly string[]): string {
  const rows = lines.flatMap((line) => line.match(/`+/g) ?? []);
  const fence = "`".repeat(rows.reduce((longest, row) => Math.max(longest, row.length + 1), 3));
  return [`${fence}${language}`, ...lines, fence].join("\n");
}
