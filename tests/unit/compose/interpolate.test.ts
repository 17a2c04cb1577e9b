import type { VariableValue } from "../../../compose/model/application";
import { describe as toText, Findings } from "../../../compose/model/findings";
import { Interpolation } from "../../../compose/interpolate";
import type { Text } from "../../../compose/model/text";
import { parseYaml } from "../../../compose/yaml/parse";

const variables: Readonly<Record<string, VariableValue>> = {
  A: { kind: "plain", value: "a" },
  EMPTY: { kind: "plain", value: "" },
  lower_1: { kind: "plain", value: "l" },
  S: { kind: "secret" },
};

/** A text with the variables put in, and what was refused. */
function interpolate(text: string): { readonly text: Text | undefined; readonly refused: readonly string[] } {
  const findings = new Findings();
  const parsed = parseYaml(JSON.stringify({ key: text }), "f", findings);
  const node = parsed && new Interpolation(variables, findings).file(parsed).entries.get("key")?.node;
  const value = node?.kind === "scalar" && (node.type === "string" || node.type === "secret") ? node.value : undefined;
  return { text: value, refused: findings.all.filter(({ outcome }) => outcome === "refused").map(toText) };
}

test.each<[string, Text]>([
  ["no variable", "no variable"],
  ["$A", "a"],
  ["${A}", "a"],
  ["x${A}y", "xay"],
  ["$A$A", "aa"],
  ["$A.b", "a.b"],
  ["$Ab", ""],
  ["$lower_1", "l"],
  ["$$A", "$A"],
  ["$$$A", "$a"],
  ["$$$$", "$$"],
  ["$UNSET", ""],
  ["${UNSET}", ""],
  ["${A:-b}", "a"],
  ["${A-b}", "a"],
  ["${EMPTY:-b}", "b"],
  ["${EMPTY-b}", ""],
  ["${UNSET:-b}", "b"],
  ["${UNSET-b}", "b"],
  ["${UNSET:-}", ""],
  ["${UNSET:-a:-b}", "a:-b"],
  ["${UNSET:-a?b}", "a?b"],
  ["${UNSET:-http://x:80/$y}", "http://x:80/$y"],
  ["${UNSET:-{{.Task.Slot}}}", "{{.Task.Slot}}"],
  ["${UNSET:-${A}}", "a"],
  ["${UNSET:-x${EMPTY:-${A}y}z}!", "xayz!"],
  ["${A:-${UNSET}}.", "a."],
  ["${UNSET:-${S}}", { parts: [{ variable: "S" }] }],
  ["${A:-{{.Task.Slot}}}", "a"],
  ["${UNSET:-{}}", "{}"],
  ["${UNSET:-{}", "{"],
  ["${A:+b}", "b"],
  ["${A:+b$A${A}}", "baa"],
  ["${EMPTY:+b}", ""],
  ["${EMPTY+b}", "b"],
  ["${UNSET+b}", ""],
  ["${A:?a-b}", "a"],
  ["${A:?message}", "a"],
  ["${A?}", "a"],
  ["${EMPTY?message}", ""],
  ["{{.Node.Hostname}}", "{{.Node.Hostname}}"],
  ["$S", { parts: [{ variable: "S" }] }],
  ["a${S}b$A", { parts: ["a", { variable: "S" }, "b", "a"] }],
  ["${S:-default}", { parts: [{ variable: "S" }] }],
  ["${S:?message}", { parts: [{ variable: "S" }] }],
])("%s becomes %j", (text, value) => {
  expect(interpolate(text)).toEqual({ text: value, refused: [] });
});

test.each([
  "$",
  "$1",
  "${",
  "${}",
  "${1A}",
  "${A",
  "${A.b}",
  "${UNSET:?a-b}",
  "${UNSET:-${UNSET:?no}}",
  "${UNSET:?}",
  "${UNSET?}",
  "${EMPTY:?message}",
])("%s is refused once", (text) => {
  expect(interpolate(text).refused).toHaveLength(1);
});

test("keys are left alone", () => {
  const findings = new Findings();
  const parsed = parseYaml("$A: 1", "f", findings);
  expect([...(parsed ? new Interpolation(variables, findings).file(parsed).entries.keys() : [])]).toEqual(["$A"]);
});

test("each variable is listed once, where it is used first", () => {
  const findings = new Findings();
  const parsed = parseYaml("a: $B\nb: ['${A:-x}', '$A', '${C-}']\n", "f", findings);
  const interpolation = new Interpolation(variables, findings);
  if (parsed) interpolation.file(parsed);
  expect(interpolation.uses).toEqual([
    { name: "A", at: { file: "f", line: 2 }, set: true, defaulted: false },
    { name: "B", at: { file: "f", line: 1 }, set: false, defaulted: false },
    { name: "C", at: { file: "f", line: 2 }, set: false, defaulted: true },
  ]);
});

const inService = (path: string, text: string) => {
  const findings = new Findings();
  const nested = path.split(".").reduceRight<unknown>((value, key) => ({ [key]: value }), text);
  const parsed = parseYaml(JSON.stringify(nested), "f", findings);
  const file = parsed && JSON.stringify([...new Interpolation(variables, findings).file(parsed).entries], replacer);
  return { file, findings: findings.all.map(toText) };
};
const replacer = (_key: string, value: unknown) =>
  value instanceof Map ? [...(value as Map<string, unknown>)] : value;

test.each([
  ["services.web.command", "[ $? -eq 2 ] && $A"],
  ["services.web.healthcheck.test", "test $(date) -gt 1"],
  ["services.web.labels", "https://$1/x"],
  ["services.web.deploy.labels", "^/a$"],
  ["services.web.environment", "pa$!word"],
  ["configs.a.content", "echo $(date)"],
])("a dollar sign before anything but a name stays in %s: %s", (path, text) => {
  const { file, findings } = inService(path, text);
  expect(findings).toHaveLength(1);
  expect(findings[0]).toContain("docker takes no '$' before anything but a name; here '$");
  expect(file).toContain(JSON.stringify(text.replace("$A", "a")));
});

test.each([
  ["services.web.hostname", "a$"],
  ["services.web.command", "${1}"],
])("and is refused in %s: %s", (path, text) => {
  expect(inService(path, text).findings.join()).toContain("is no variable; write '$$' for a dollar sign");
});

test.each([
  ["services.web.user", "$(id -u)"],
  ["services.web.environment", "$(cat secret)"],
])("a command in %s is refused as one: %s", (path, text) => {
  expect(inService(path, text).findings).toEqual([
    `f:1: ${path}: no shell reads '${text}' here; write what it gives, or a variable such as '\${NAME}'`,
  ]);
});

test("of a variable that is not set, a finding says how a dollar sign is written", () => {
  expect(inService("services.web.environment", "$argon2id").findings.join()).toContain(
    "or write '$$argon2id' for a dollar sign",
  );
});
