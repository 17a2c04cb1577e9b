import { secretsIn } from "../../../../cli/secrets/in-state";

const secret = (value: unknown) => ({ "4dabf18193072939515e22adb298388d": "1b47", plaintext: JSON.stringify(value) });

test("the texts of secrets, and of JSON in them, are secret; others are not", () => {
  const state = {
    plain: "seen",
    list: [secret("password"), secret({ a: ["b", 12345], c: '{"d":"inside"}' })],
  };
  expect(secretsIn(state)).toEqual(["password", "b", "12345", '{"d":"inside"}', "inside"]);
});

test("of a connection its key is secret, and not its address and user, which are in every journal", () => {
  const connection = { host: "10.77.0.11", port: 22, user: "root", hostKey: "ssh-ed25519 AAAA", privateKey: "key" };
  expect(secretsIn({ inputs: { connection: secret(connection) } })).toEqual(["key"]);
});

test("a host that is a secret by itself is one", () => {
  expect(secretsIn({ inputs: secret({ host: "internal.example.org" }) })).toEqual(["internal.example.org"]);
});
