import * as fc from "fast-check";
import { parseDuration, parseSize } from "../../../compose/decode/units";
import { splitWords } from "../../../compose/decode/words";
import { parsePort } from "../../../compose/decode/ports";
import { join, secretsOf } from "../../../compose/model/text";
import { resolveScalar } from "../../../compose/yaml/scalar";

test.each([
  ["", []],
  ["a b", ["a", "b"]],
  [" a\t\nb ", ["a", "b"]],
  ["'a b' \"c d\"", ["a b", "c d"]],
  ["a'b c'd", ["ab cd"]],
  ["a\\ b", ["a b"]],
  ['"a\\"b"', ['a"b']],
  ["'a\\b'", ["a\\b"]],
  ["a # b\nc", ["a", "c"]],
  ["a#b", ["a#b"]],
  ["''", [""]],
  ["'a", undefined],
  ['"a', undefined],
  ["a\\", undefined],
])("%j is split as a shell does", (text, words) => {
  expect(splitWords(text)).toEqual(words);
});

test("words in single quotes come back as they are", () => {
  const word = fc.string().filter((each) => !each.includes("'"));
  fc.assert(
    fc.property(fc.array(word), (words) => {
      expect(splitWords(words.map((each) => `'${each}'`).join(" "))).toEqual(words);
    }),
  );
});

test("a secret variable is never split", () => {
  const secret = { parts: ["run '--a ", { variable: "S" }, "' ", { variable: "T" }] };
  expect(splitWords(secret)).toEqual(["run", { parts: ["--a ", { variable: "S" }] }, { parts: [{ variable: "T" }] }]);
  expect(secretsOf(join("a", secret))).toEqual(["S", "T"]);
});

test.each([
  ["0", 0],
  ["10s", 10],
  ["1m30s", 90],
  ["1.5h", 5400],
  ["100ms", 0.1],
  ["-1s", -1],
  [".5s", 0.5],
  ["10", undefined],
  ["s", undefined],
  ["1d", undefined],
  ["", undefined],
])("%j is a time of %p seconds", (text, seconds) => {
  expect(parseDuration(text)).toBe(seconds);
});

test.each([
  ["1", 1],
  ["1b", 1],
  ["1k", 1024],
  ["1KB", 1024],
  ["1kib", 1024],
  ["1.5m", 1_572_864],
  ["2 GB", 2_147_483_648],
  ["1t", 1024 ** 4],
  ["k", undefined],
  ["1x", undefined],
  ["-1", undefined],
  ["1ib", undefined],
])("%j is a size of %p bytes", (text, size) => {
  expect(parseSize(text)).toBe(size);
});

test.each([
  ["80", [[80, undefined, "tcp"]]],
  ["8080:80/udp", [[80, 8080, "udp"]]],
  [
    "1-2:3-4",
    [
      [3, 1, "tcp"],
      [4, 2, "tcp"],
    ],
  ],
  [
    "1-2:3",
    [
      [3, 1, "tcp"],
      [3, 2, "tcp"],
    ],
  ],
  [":80", [[80, undefined, "tcp"]]],
  ["80/", [[80, undefined, "tcp"]]],
  ["1-3:4-5", undefined],
  ["2-1:2-1", undefined],
  ["80/http", undefined],
  ["x:80", undefined],
  ["1:2:3:4", undefined],
  ["70000:80", undefined],
  ["", undefined],
])("%j is read as ports", (spec, ports) => {
  const read = parsePort(spec)?.ports.map(({ target, published, protocol }) => [target, published, protocol]);
  expect(read).toEqual(ports);
});

test.each([
  ["~", "null"],
  ["True", "boolean"],
  ["yes", "string"],
  ["on", "string"],
  ["y", "string"],
  ["2020-01-01", "date"],
  ["2020-02-30", "string"],
  ["2020-01-01T25:00:00Z", "string"],
  ["1:30", "string"],
  ["0x1g", "string"],
  ["1_0", "number"],
  ["_1", "string"],
  [".inf", "string"],
])("%s is a %s", (source, type) => {
  expect(resolveScalar(source).type).toBe(type);
});

test.each([
  ["010", "8"],
  ["0o10", "8"],
  ["-0x10", "-16"],
  ["9007199254740993", "9007199254740993"],
  ["1e6", "1e+06"],
  ["123456.5", "123456.5"],
  ["0.00001", "1e-05"],
  ["1.0", "1"],
])("Go prints %s as %s", (source, text) => {
  expect(resolveScalar(source)).toHaveProperty("text", text);
});
