import { isSecret, join, type SecretVariable, type Text } from "../model/text";

/** Letters of a text; a secret variable is one letter. */
function lettersOf(text: Text): (string | SecretVariable)[] {
  const parts = isSecret(text) ? text.parts : [text];
  return parts.flatMap((part): (string | SecretVariable)[] => (typeof part === "string" ? Array.from(part) : [part]));
}

/**
 * Splits a command into words as docker does (google/shlex): quotes and backslashes as in a shell, a `#` between words begins
 * a comment. A secret variable is never split.
 *
 * @returns undefined where a quote or backslash is open at the end
 */
export function splitWords(command: Text): readonly Text[] | undefined {
  const words: Text[] = [];
  let word: Text | undefined;
  let state: "out" | "in" | "single" | "double" | "comment" = "out";
  let escaped = false;
  const add = (letter: string | SecretVariable) => {
    word = join(word ?? "", typeof letter === "string" ? letter : { parts: [letter] });
  };
  for (const letter of lettersOf(command)) {
    if (state === "comment") state = letter === "\n" ? "out" : "comment";
    else if (escaped) {
      add(letter);
      escaped = false;
      if (state === "out") state = "in";
    } else if (letter === "\\" && state !== "single") {
      word ??= "";
      escaped = true;
    } else if (state === "single" || state === "double") {
      if (letter === (state === "single" ? "'" : '"')) state = "in";
      else add(letter);
    } else if (letter === "'" || letter === '"') {
      word ??= "";
      state = letter === "'" ? "single" : "double";
    } else if (typeof letter === "string" && " \t\r\n".includes(letter)) {
      if (word !== undefined) words.push(word);
      word = undefined;
      state = "out";
    } else if (letter === "#" && state === "out") state = "comment";
    else {
      add(letter);
      state = "in";
    }
  }
  if (escaped || state === "single" || state === "double") return undefined;
  return word === undefined ? words : [...words, word];
}
