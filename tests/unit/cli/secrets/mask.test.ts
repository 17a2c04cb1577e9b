import fc from "fast-check";
import { secretsIn, textsIn } from "../../../../cli/secrets/in-state";
import { maskOf } from "../../../../cli/secrets/mask";

const mask = maskOf(["hunter2&<friends>/+?", 'two "words"\\here', "short", "abc"]);

test.each([
  ["in clear", "password: hunter2&<friends>/+?, and more", "password: [secret], and more"],
  ["in base64", `x ${Buffer.from("hunter2&<friends>/+?").toString("base64")} y`, /^x \[secret\]\S{0,2} y$/],
  [
    "in base64 with a user before",
    Buffer.from("admin:hunter2&<friends>/+?").toString("base64"),
    /^YWRtaW\S{0,3}\[secret\]\S{0,3}$/,
  ],
  ["in a URL", `?p=${encodeURIComponent("hunter2&<friends>/+?")}&q=1`, "?p=[secret]&q=1"],
  ["in a form", "?p=two+%22words%22%5Chere", "?p=[secret]"],
  ["in JSON", JSON.stringify({ p: 'two "words"\\here' }), '{"p":"[secret]"}'],
  ["in JSON in JSON", JSON.stringify(JSON.stringify({ p: 'two "words"\\here' })), '"{\\"p\\":\\"[secret]\\"}"'],
  ["in XML", "<p>hunter2&amp;&lt;friends&gt;/+?</p>", "<p>[secret]</p>"],
])("a secret is masked %s", (_, text, expected) => {
  const result = mask(text);
  if (typeof expected === "string") expect(result).toBe(expected);
  else expect(result).toMatch(expected);
});

test("a secret that is too short to be unique is not masked", () => {
  expect(mask("abc, short")).toBe("abc, [secret]");
});

test("each key in a secret file is a secret too, its other words are not", () => {
  const file = "Host worker1\n  HostName 10.0.0.1\n  Token aB3dE5gH7jK9mN1pQ3sT\n";
  const masked = maskOf([file])(`log: aB3dE5gH7jK9mN1pQ3sT of worker1 at 10.0.0.1\n${file}`);
  expect(masked).toBe("log: [secret] of worker1 at 10.0.0.1\n[secret]\n");
});

test.each([
  [
    "docker swarm join --token SWMTKN-1-3pu6hszjas19xyp7-8vxv8rssmk743ojnwac 10.0.0.1:2377",
    "--token [secret] 10.0.0.1",
  ],
  ["unlock SWMKEY-1-7c37Cc8654o6p38HnroywCi19pllOnGtbdZEgtKxZu8", "unlock [secret]"],
  ["a\n-----BEGIN OPENSSH PRIVATE KEY-----\nb3Bl\n-----END OPENSSH PRIVATE KEY-----\nz", "a\n[secret]\nz"],
  ["cut -----BEGIN PRIVATE KEY-----\nb3Bl", "cut [secret]"],
  ["Authorization: Bearer eyJhbGciOi.x-y", "Authorization: Bearer [secret]"],
  ["GET http://admin:pass@10.0.0.1/x", "GET http://admin:[secret]@10.0.0.1/x"],
  ['"ciphertext": "v1:abc:def"', '"ciphertext": [secret]'],
  ["secure: v1:abc:def", "secure: [secret]"],
])("%j is masked by its form", (text, expected) => {
  expect(maskOf([])(text)).toContain(expected);
});

test("no secret is in the masked text in any form, whatever it is and whatever surrounds it", () => {
  const secret = fc
    .string({ minLength: 6, maxLength: 60, unit: "grapheme" })
    .filter((text) => text.trim() === text && text.length >= 6);
  fc.assert(
    fc.property(secret, fc.string(), (hidden, before) => {
      const hide = maskOf([hidden]);
      const forms = [hidden, encodeURIComponent(hidden), JSON.stringify(hidden).slice(1, -1)];
      for (const form of forms) expect(hide(`${before}\n${form}\n`).endsWith(`\n${form}\n`)).toBe(false);
      const encoded = Buffer.from(`${before}${hidden}`).toString("base64");
      expect(hide(encoded)).toContain("[secret]");
    }),
  );
});

test("the secrets of a state are all its plaintexts, and the texts inside those that are JSON", () => {
  const state = {
    deployment: {
      resources: [
        { inputs: { password: { plaintext: '"one"' }, plain: "no" } },
        { outputs: { list: [{ plaintext: '{"auth":"{\\"token\\":\\"two\\"}","port":8443}' }] } },
      ],
    },
  };
  expect(secretsIn(state)).toEqual(["one", '{"token":"two"}', "two", "8443"]);
  expect(secretsIn(null)).toEqual([]);
  expect(textsIn({ a: null, b: true })).toEqual([]);
});
