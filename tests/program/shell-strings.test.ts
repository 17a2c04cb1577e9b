import { existsSync } from "node:fs";
import { join } from "node:path";
import { repository } from "../support/program";
import { shellStrings } from "../support/shell-strings";
import { sources } from "../support/sources";

const longest = (text: string) => Math.max(0, ...shellStrings(text).map(({ lines }) => lines));

test.each([
  ["a template", "const a = `set -eu\nb=$(c)\n${d}`;", 3],
  ["lines of an array", 'const a = ["set -eu", `while ${b}; do`, "  c d", "done"].join("\\n");', 3],
  ["arguments of a call", 'script("a=1 b=2", `if [ ${b} = c ]; then`, "  exit 1", "fi");', 3],
  ["a function", 'const a = "f() {\\n  g\\n}";', 3],
  ["a here-document", "const a = `cat >b <<END\nc\nEND`;", 3],
  ["two lines", 'const a = "set -eu\\nb c";', 2],
])("%s is found as shell", (_, text, lines) => {
  expect(longest(text)).toBe(lines);
});

test.each([
  ["a configuration", "const a = `server {\n  listen ${b};\n  location / { return 404; }\n}`;"],
  ["a document", "const a = `<a>\n  <b/>\n</a>`;"],
  ["a message", 'const a = "to lose it: ./farm destroy, then ./farm up; else for each node do nothing";'],
  ["a command's arguments", 'const a = ["ssh", "-o", "BatchMode=yes", "a b", "c d", "e f"];'],
])("%s is not", (_, text) => {
  expect(longest(text)).toBe(0);
});

test("no shell script of more than two lines lies in TypeScript", () => {
  const program = sources(
    "index.ts",
    ...["infra", "stacks", "cli"].filter((folder) => existsSync(join(repository, folder))),
  );
  const broken = program.flatMap(({ path, text }) =>
    shellStrings(text)
      .filter(({ lines }) => lines > 2)
      .map(({ line, lines }) => `${path}:${String(line)} has ${String(lines)} lines`),
  );
  if (broken.length > 0)
    throw new Error(
      `Put it into a file of the folder's scripts/, where shellcheck and shfmt read it, and declare its variables with scriptsIn (infra/remote/script.ts):\n  ${broken.join("\n  ")}`,
    );
});
