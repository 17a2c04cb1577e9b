import fc from "fast-check";
import { readable, type Json } from "../../../../cli/preview/values";
import { maskedSecret, unknown } from "../../../support/preview";

const signature = "4dabf18193072939515e22adb298388d";
const secret = "1b47061264138c4ac30d75fd1eb44270";
const output = "d0e6a833031e9bbcd3f4e8bde6ca49a4";

/** One of Pulumi's own forms. */
const form = (kind: string, parts: Readonly<Record<string, Json>> = {}): Json => ({ [signature]: kind, ...parts });

test.each<[string, Json, Json]>([
  ["a number", 7, 7],
  ["null", null, null],
  ["a text", "hello", "hello"],
  ["an unknown text", unknown, "[unknown]"],
  ["an unknown number", "3eeb2bf0-c639-47a8-9e75-3b44932eb421", "[unknown]"],
  ["a masked secret", maskedSecret, "[secret]"],
  ["a secret with its value", form(secret, { value: "hush", plaintext: '"hush"' }), "[secret]"],
  ["a form that this version does not know", form("ffffffffffffffffffffffffffffffff", { value: "hush" }), "[secret]"],
  ["an output with a value", form(output, { value: { a: [1] } }), { a: [1] }],
  ["an output without one", form(output), "[unknown]"],
  ["a secret output", form(output, { value: "hush", secret: true }), "[secret]"],
  [
    "a file",
    form("c44067f5952c0a294b673a41bacd8c17", { path: "nginx.conf", hash: "0123456789abcdef" }),
    "[file nginx.conf 0123456789ab]",
  ],
  [
    "an archive of a URL",
    form("0def7320c3a5731c473e5ecbe6d01bc7", { uri: "https://a/b.tgz", hash: "fedcba9876543210" }),
    "[archive https://a/b.tgz fedcba987654]",
  ],
  ["a file without a path", form("c44067f5952c0a294b673a41bacd8c17", { hash: 1 }), "[file  ]"],
  ["a resource", form("5cf8f73096256a8f31e491e813e4eb8e", { urn: "urn:a" }), "[resource urn:a]"],
  ["JSON in a text", ' {"a":{"b":[1,2]}}', { a: { b: [1, 2] } }],
  ["JSON in JSON", JSON.stringify({ a: JSON.stringify({ b: 1 }) }), { a: { b: 1 } }],
  ["what only begins as JSON", "[section]\nkey=value", "[section]\nkey=value"],
  ["a secret in JSON in a text", JSON.stringify({ a: maskedSecret }), { a: "[secret]" }],
  ["a secret in a text that is cut off", JSON.stringify({ a: maskedSecret }).slice(0, -1), "[secret]"],
  ["keys of the provider itself", { __defaults: [], __meta: "x", replicas: 2 }, { replicas: 2 }],
])("%s", (_, value, shown) => {
  expect(readable(value)).toEqual(shown);
});

/** JSON without texts that Pulumi means something by, or that hold JSON themselves. */
const plain = fc
  .jsonValue({ maxDepth: 4 })
  .filter((value) => !/__|\\\\|"\s*[[{]/.test(JSON.stringify(value))) as fc.Arbitrary<Json>;

test("a value without Pulumi's markers is shown unchanged", () => {
  fc.assert(
    fc.property(plain, (value) => {
      expect(readable(value)).toEqual(value);
    }),
  );
});

test("a secret is hidden at any depth, also in texts that contain JSON", () => {
  const word = "Zp4yT0wqLk93sVbN";
  const hidden = form(secret, { value: word, ciphertext: word });
  const within = fc.letrec<{ value: Json }>((tie) => ({
    value: fc.oneof(
      { maxDepth: 5, withCrossShrink: true },
      fc.constant(hidden),
      fc.array(tie("value"), { minLength: 1, maxLength: 3 }),
      fc.dictionary(fc.stringMatching(/^[a-z]{1,4}$/), tie("value"), { minKeys: 1, maxKeys: 3 }),
      tie("value").map((value) => JSON.stringify(value)),
      tie("value").map((value): Json => form(output, { value })),
    ),
  })).value;
  fc.assert(
    fc.property(within, (value) => {
      expect(JSON.stringify(readable(value))).not.toContain(word);
    }),
  );
});
