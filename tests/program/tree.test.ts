import { extname } from "node:path";
import { expectNone } from "../support/expect-none";
import { trackedFiles } from "../support/tracked-files";

/** Files without these rules: generated, locked, recorded, or a standard text. */
const unread =
  /(^sdks\/|package-lock\.json$|go\.(sum|mod)$|\.(png|svg|ico|jsonl|schema\.json|pub)$|^LICENSE$|^tests\/program\/resources|^docs\/(configuration|compose).md$|^docs\/commands\/|^cli\/help\/)/;

const files = trackedFiles()
  .filter(({ path }) => !unread.test(path))
  .map((file) => ({ ...file, lines: file.text.trimEnd().split("\n").length }));

const code = files.filter(({ path }) => !/\.(md|json|txt)$/.test(path));

test("no file of code is above 300 lines, in any language", () => {
  const long = code.filter(({ lines }) => lines > 300).map(({ path, lines }) => `${path} has ${lines}`);
  expectNone(long, "A file has one subject and fits two screens: split it along its nouns.");
});

test("nine of ten files of each language with ten files or more have at most 180 lines", () => {
  const byLanguage = new Map<string, typeof code>();
  for (const file of code) {
    const language = extname(file.path);
    byLanguage.set(language, [...(byLanguage.get(language) ?? []), file]);
  }
  const long = [...byLanguage].flatMap(([language, all]) => {
    const lines = all.map((file) => file.lines).sort((a, b) => a - b);
    const p90 = lines[Math.floor(lines.length * 0.9)] ?? 0;
    return all.length >= 10 && p90 > 180 ? [`${language || "no extension"}: ${p90} lines`] : [];
  });
  expectNone(long, "Split the longest files of that language.");
});

test("no suppressions, except expected type errors in tests", () => {
  const suppressed = code
    .filter(({ path }) => path !== "tests/program/tree.test.ts")
    .flatMap(({ path, text }) =>
      [...text.matchAll(/eslint-disable|@ts-ignore|@ts-nocheck|\/\/nolint|@ts-expect-error/g)]
        .filter(([word]) => word !== "@ts-expect-error" || !path.startsWith("tests/"))
        .map(([word]) => `${path}: ${word}`),
    );
  expectNone(suppressed, "Fix the finding of the tool.");
});

/** Words of terms.md's "not" column, and archaic ones, that no identifier, message or page may have. */
const forbidden =
  /\b([aA]new|thereof|whosoever|goneWith|inSwarm|patience|laws|takeOff|come to rest|at the most|for ever|full and at rest|hold a person up)\b/;

test("no forbidden word in code and docs", () => {
  const used = files
    .filter(({ path }) => path !== "tests/program/tree.test.ts" && !path.startsWith("offline/"))
    .flatMap(({ path, text }) =>
      text.split("\n").flatMap((line, i) => {
        const word = forbidden.exec(line)?.[0];
        return word === undefined ? [] : [`${path}:${String(i + 1)}: ${word}`];
      }),
    );
  expectNone(used, "Use the word of Docker, Swarm, libvirt or Pulumi.");
});

/** Names that say nothing of what they hold, and those that the field calls otherwise: a timeout, a position, an expected value. */
const vagueNames =
  /\b(?:const|let|readonly|function|interface|class|type) (?:told|said|asked|wanted|taken|place|Place|\w*[pP]atience\w*)\b/;

/** A clause in place of a noun: "What a command printed" is its output. */
const clauseComment = /(?:\/\*\*? |^\s*\* |\/\/ )What (?!is\b.*\?)/;

test("TypeScript names values by nouns, in declarations and comments", () => {
  const vague = code
    .filter(({ path }) => /\.tsx?$/.test(path) && path !== "tests/program/tree.test.ts")
    .flatMap(({ path, text }) =>
      text.split("\n").flatMap((line, i) => {
        const found = (vagueNames.exec(line) ?? clauseComment.exec(line))?.[0];
        return found === undefined ? [] : [`${path}:${String(i + 1)}: ${found}`];
      }),
    );
  expectNone(vague, "Use a noun: result, output, expected, requested, position, timeout.");
});
