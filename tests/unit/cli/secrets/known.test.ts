import { knownSecrets } from "../../../../cli/secrets/known";
import { loginsOf, plain } from "../../../../cli/secrets/logins";
import type { Resource } from "../../../../cli/pulumi/state";
import { FakeFarm } from "../../../support/fake-farm";

let farm: FakeFarm;
beforeEach(() => {
  farm = new FakeFarm();
  answers("{}", "{}");
});
afterEach(() => {
  farm.remove();
});

/** Output of Pulumi for the state and the configuration. */
function answers(state: string, config: string): void {
  farm.write("state", state);
  farm.write("config", config);
  farm.program("pulumi", 'case "$1" in stack) cat "$here/state" ;; *) cat "$here/config" ;; esac');
}
const known = async () => [...(await knownSecrets(farm.context()))];

test("values of the configuration that are marked as secret are, with the texts in them", async () => {
  const value = (text: string, secret?: boolean) => ({ value: text, ...(secret !== undefined && { secret }) });
  const config = {
    "p:a": value("config-secret", true),
    "p:b": value('{"user":"inner-secret"}', true),
    "p:c": value("public", false),
    "p:d": value("also public"),
  };
  answers("{}", JSON.stringify(config));
  expect((await known()).sort()).toEqual(["config-secret", "inner-secret", '{"user":"inner-secret"}'].sort());
});

test.each([
  ["AWS_SECRET_ACCESS_KEY", "AKIAEXAMPLE", true],
  ["PULUMI_ACCESS_TOKEN", "pul-123456", true],
  ["GITHUB_TOKEN", "12345", false],
  ["PULUMI_CONFIG_PASSPHRASE", "correct horse", true],
  ["PULUMI_CONFIG_PASSPHRASE_FILE", "/tmp", false],
  ["MONKEY", "business", false],
  ["SIGNING_KEY", "abcdefgh", true],
])("the variable %s=%s is a secret: %p", async (name, value, is) => {
  farm.set(name, value);
  expect((await known()).includes(value)).toBe(is);
});

test("the user's passphrase, signing keys, ssh keys and tokens are secrets, their public halves are not", async () => {
  farm.write(".config/swarm-farm/passphrase", "from-file");
  farm.write(".config/swarm-farm/signing/keys/private.key", "signing-key");
  farm.write(".config/swarm-farm/signing/key.pub", "public-half");
  farm.state("ssh/id_ed25519", "ssh-key");
  farm.state("ssh/id_ed25519.pub", "ssh-public");
  farm.write("login/credentials.json", JSON.stringify({ accessTokens: { "https://api": "token-123" } }));
  farm.set("PULUMI_CREDENTIALS_PATH", `${farm.home}/login`);
  expect((await known()).sort()).toEqual(["from-file", "signing-key", "ssh-key", "token-123"]);
});

test("credentials that are cut off are one secret", async () => {
  const text = '{"accessTokens":{"https://api":"tok';
  farm.write("login/credentials.json", text);
  farm.set("PULUMI_CREDENTIALS_PATH", `${farm.home}/login`);
  expect(await known()).toEqual([text]);
});

test.each([
  ["echo 'error: no stack named dev' >&2; exit 255", "a farm that was never built"],
  ["exit 127", "a machine without Pulumi"],
])("'%s': %s has no secrets", async (body) => {
  farm.program("pulumi", body);
  expect(await known()).toEqual([]);
});

test.each([
  [
    "cannot be decrypted",
    "echo 'error: incorrect passphrase' >&2; exit 255",
    "is not the one that stack 'dev' was made",
  ],
  ["is cut off", "printf '{\"deployment\":'", /^the output of 'pulumi .* --show-secrets.*' cannot/],
])("a state that %s is refused: unknown secrets cannot be masked", async (_, body, message) => {
  farm.program("pulumi", body);
  await expect(known()).rejects.toThrow(message);
});

describe("logins", () => {
  const login = (type: string, outputs: object): Resource =>
    ({ urn: "u::a", type, inputs: {}, outputs: outputs as Record<string, unknown> }) satisfies Resource;
  const secret = (value: string) => ({ plaintext: JSON.stringify(value) });

  test("are those of the components that create passwords, whether Pulumi marks them as secret or not", () => {
    const logins = loginsOf([
      login("swarm-farm:keys:Login", { username: "admin", password: secret("one") }),
      login("swarm-farm:keys:Password", { username: "app", password: "two" }),
      login("swarm-farm:keys:Authority", { username: "ca", password: secret("no login") }),
    ]);
    expect([...logins]).toEqual([
      ["admin", "one"],
      ["app", "two"],
    ]);
  });

  test.each([
    ["has no user yet", { password: secret("x") }],
    ["has an empty user", { username: "", password: secret("x") }],
    ["has no password yet", { username: "admin" }],
    ["is encrypted", { username: "admin", password: { ciphertext: "v1:abc" } }],
  ])("a login that %s is left out", (_, outputs) => {
    expect(loginsOf([login("swarm-farm:keys:Login", outputs)]).size).toBe(0);
  });

  test("plain returns a value that is not a secret unchanged", () => {
    expect([plain("a"), plain(undefined), plain({ plaintext: "7" })]).toEqual(["a", undefined, 7]);
  });
});
