import { LineCounter, parseDocument, type YAMLError } from "yaml";
import type { Findings } from "../model/findings";
import { Expander, Unreadable } from "./expand";
import { kindOf, type MapNode } from "./node";

/** Advice for an error of YAML's own. */
const advice: Partial<Record<YAMLError["code"], readonly [reason: string, alternative: string]>> = {
  TAB_AS_INDENT: ["a tab indents this line", "YAML takes spaces alone, on each line"],
  DUPLICATE_KEY: ["a key of this mapping is given twice", "remove one of the two"],
  RESOURCE_EXHAUSTION: ["values stand in one another too deeply", "nest less"],
  MULTIPLE_DOCS: ["a second document begins here, which docker ignores", "make it a file of its own"],
};

/**
 * Reads a YAML file into nodes with their lines.
 *
 * @returns undefined where it cannot be read; `findings` says why
 */
export function parseYaml(text: string, file: string, findings: Findings): MapNode | undefined {
  try {
    return parse(text, file, findings);
  } catch (error) {
    if (error instanceof Unreadable) return undefined;
    // Brackets in brackets, thousands of them, fill the stack.
    if (!(typeof error === "object" && error !== null && "name" in error && error.name === "RangeError")) throw error;
    findings.refuse({ file, line: 1 }, "", "values stand in one another too deeply", "nest less");
    return undefined;
  }
}

function parse(text: string, file: string, findings: Findings): MapNode | undefined {
  const lines = new LineCounter();
  // All scalars are text here: they are resolved as Go does, not as a version of YAML's standard.
  const document = parseDocument(text, { schema: "failsafe", lineCounter: lines, prettyErrors: false });
  for (const error of document.errors.filter(isOwn)) {
    const [reason, alternative] = advice[error.code] ?? [`no YAML: ${asMessage(error.message)}`, "correct this line"];
    findings.refuse({ file, line: lines.linePos(error.pos[0]).line }, "", reason, alternative);
  }
  if (document.errors.length > 0) return undefined;
  const start = { file, line: 1 };
  const node = new Expander(document, lines, file, findings).expand(document.contents, start);
  if (node.kind === "map") return node;
  findings.refuse(node.at, "", `the file is ${kindOf(node)}, not a mapping`, "begin with 'services:'");
  return undefined;
}

/** A file with tabs has one on most of its lines. */
function isOwn({ code }: YAMLError, index: number, all: readonly YAMLError[]): boolean {
  return code !== "TAB_AS_INDENT" || all.findIndex((other) => other.code === code) === index;
}

function asMessage(text: string): string {
  return text.slice(0, 1).toLowerCase() + text.slice(1).replace(/\.$/, "");
}
