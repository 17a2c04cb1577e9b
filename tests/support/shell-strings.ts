import * as ts from "typescript";

/** A text in a TypeScript file that a shell would run. */
export interface ShellString {
  readonly line: number;
  /** How many lines of shell it has. */
  readonly lines: number;
}

/** Marks of a shell script: an option, a compound command with its keywords, a here-document. */
const shell = [
  /^\s*set -[a-z]*[eu]/m,
  /\bif\b.+;\s*then\b/,
  /\b(while|until|for)\b.+;\s*do\b/,
  /\bcase\b.+\bin\s*$/m,
  /^\s*(fi|done|esac)\b/m,
  /^\s*[a-z_]+\(\) \{/m,
  /<<-?\s*['"\\]?[A-Z]{2,}\b/,
];

/**
 * Finds shell scripts inside of TypeScript: string and template literals, and lists of them, be it an array's elements or a
 * call's arguments. A list is a script where its elements that have more than one word are, taken as lines.
 */
export function shellStrings(text: string): ShellString[] {
  const file = ts.createSourceFile("a.ts", text, ts.ScriptTarget.Latest, true);
  const found: ShellString[] = [];
  const look = (node: ts.Node, candidate: string) => {
    const lines = candidate.split("\n").filter((line) => line.trim() !== "").length;
    if (!shell.some((mark) => mark.test(candidate))) return;
    found.push({ line: file.getLineAndCharacterOfPosition(node.getStart()).line + 1, lines });
  };
  const visit = (node: ts.Node) => {
    const literal = textOf(node);
    if (literal !== undefined) look(node, literal);
    const list = ts.isArrayLiteralExpression(node)
      ? node.elements
      : ts.isCallExpression(node)
        ? node.arguments
        : undefined;
    const commands = list?.map(textOf).filter((element) => element !== undefined && /\S\s/.test(element)) ?? [];
    if (commands.length > 1) look(node, commands.join("\n"));
    node.forEachChild(visit);
  };
  visit(file);
  return found;
}

/** Text of a string or template, with each value as one word. */
function textOf(node: ts.Node): string | undefined {
  if (ts.isStringLiteralLike(node)) return node.text;
  if (ts.isTemplateExpression(node))
    return node.head.text + node.templateSpans.map((span) => `x${span.literal.text}`).join("");
  return undefined;
}
