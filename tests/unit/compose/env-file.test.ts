import { parseEnvFile } from "../../../compose/env-file";
import { Findings } from "../../../compose/model/findings";

function parse(text: string) {
  const findings = new Findings();
  const lookup = (name: string) => (name === "OUTSIDE" ? "outside" : undefined);
  return { variables: [...parseEnvFile(text, "a.env", lookup, findings)], findings: findings.all };
}

test.each<[string, [string, string][]]>([
  ["A=1", [["A", "1"]]],
  [
    "A=1\r\nB=2\r\n",
    [
      ["A", "1"],
      ["B", "2"],
    ],
  ],
  ["  A=1", [["A", "1"]]],
  ["A= 1 ", [["A", " 1 "]]],
  ["A=", [["A", ""]]],
  ["A=b=c", [["A", "b=c"]]],
  ["# A=1\n\n\t# B\n", []],
  ["OUTSIDE", [["OUTSIDE", "outside"]]],
  ["INSIDE", []],
  ["\ufeffA=1", [["A", "1"]]],
  ["A=1\nA=2", [["A", "2"]]],
  ["a.b-c=1", [["a.b-c", "1"]]],
])("%j is read as docker does", (text, variables) => {
  expect(parse(text)).toEqual({ variables, findings: [] });
});

test.each([
  ["=1", 1],
  ["A=1\n B C=2", 2],
  ["\nexport A", 2],
])("%j is refused on line %i", (text, line) => {
  const { findings } = parse(text);
  expect(findings).toMatchObject([{ file: "a.env", line, outcome: "refused" }]);
});

test.each(["A='1'", 'A="1"', "A=1 # b", "A=$B", "A=${B}"])("%s is honoured with a hint", (text) => {
  const { variables, findings } = parse(text);
  expect(variables).toEqual([["A", text.slice(2)]]);
  expect(findings).toMatchObject([{ outcome: "honoured" }]);
});

test("'export' before a variable is left out, and a finding says so", () => {
  const { variables, findings } = parse("export A=1\nexport=2");
  expect(variables).toEqual([
    ["A", "1"],
    ["export", "2"],
  ]);
  expect(findings).toMatchObject([
    { line: 1, outcome: "improved", reason: "docker refuses 'export'; here it is left out" },
  ]);
});
