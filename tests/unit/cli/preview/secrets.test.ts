import fc from "fast-check";
import { changesOf } from "../../../../cli/preview/changes";
import { parseEvents } from "../../../../cli/preview/events";
import { previewText } from "../../../../cli/preview/markdown";
import { hiding } from "../../../../cli/preview/secrets";
import type { Json, JsonObject } from "../../../../cli/preview/values";
import { eventLog, maskedSecret, step, urnOf } from "../../../support/preview";

const command = urnOf("command:remote:Command", "a");
const password = "Zp4-yT0wq_Lk93sVbN1mXcR7";

/** A secret as `pulumi stack export --show-secrets` has it. */
function exported(value: Json): Json {
  return {
    "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270",
    plaintext: JSON.stringify(value),
  };
}

function stateWith(...secrets: Json[]): Json {
  return {
    deployment: { resources: secrets.map((secret) => ({ outputs: { deep: [{ secret: exported(secret) }] } })) },
  };
}

function textOf(before: JsonObject, after: JsonObject, state: Json = {}): string {
  const { steps } = parseEvents(eventLog([step("update", command, { before, after })]));
  return previewText("dev", changesOf(steps, hiding(state)), 0);
}

describe("a secret of the engine is not shown", () => {
  // The engine leaves nothing in the envelope; if it ever did, that must not be shown either.
  const envelope = { ...maskedSecret, plaintext: JSON.stringify(password), value: password };

  test.each<[string, Json]>([
    ["as a property", envelope],
    ["in a list in a map", { list: [{ deep: envelope }] }],
    ["in a text that is JSON", JSON.stringify({ auths: { registry: envelope } })],
    ["in JSON within JSON", JSON.stringify({ inner: JSON.stringify([envelope]) })],
    ["in a text that is not quite JSON", `--config ${JSON.stringify(envelope)}`],
    [
      "as an output that is secret",
      { "4dabf18193072939515e22adb298388d": "d0e6a833031e9bbcd3f4e8bde6ca49a4", secret: true, value: password },
    ],
    ["in a form that is not known yet", { "4dabf18193072939515e22adb298388d": "something new", value: password }],
  ])("%s", (_, value) => {
    const text = textOf({ other: 1 }, { other: 2, value });
    expect(text).not.toContain(password);
    expect(text).toContain("[secret]");
  });

  test("nor as a value that was or becomes plain", () => {
    expect(textOf({ value: password, n: 1 }, { value: maskedSecret, n: 2 })).not.toContain(password);
    expect(textOf({ value: maskedSecret, n: 1 }, { value: password, n: 2 })).not.toContain(password);
    expect(textOf({ value: { deep: [password] }, n: 1 }, { value: maskedSecret, n: 2 })).not.toContain(password);
  });
});

describe("a secret in the state is not shown in any other value", () => {
  const key = ["-----BEGIN OPENSSH PRIVATE KEY-----", `${password}AAAA`, "-----END OPENSSH PRIVATE KEY-----", ""].join(
    "\n",
  );

  test.each<[string, Json, string]>([
    ["a password in a script", password, `login --password '${password}'`],
    ["a password as a key", password, JSON.stringify({ [password]: true })],
    ["a password from a secret that is JSON", JSON.stringify({ user: "app", password }), `PASSWORD=${password}`],
    ["a password from a secret map", { user: { password } }, `PASSWORD=${password}`],
    ["a line of a private key", key, `printf %s ${password}AAAA`],
    ["a private key with its lines' ends escaped", JSON.stringify({ key }), JSON.stringify({ other: key })],
  ])("%s", (_, secret, leak) => {
    const text = textOf({ create: "none" }, { create: leak, [leak]: leak }, stateWith(secret));
    expect(text).not.toContain(password);
    expect(text).toContain("[secret]");
  });

  test("names, addresses and paths in secret values are not secrets", () => {
    const text = textOf(
      { create: "none" },
      { create: "ssh root@10.77.0.11 /etc/ssh/ssh_host_ed25519_key registry" },
      stateWith("10.77.0.11", "/etc/ssh/ssh_host_ed25519_key", "registry", "true"),
    );
    expect(text).toContain("+ create: ssh root@10.77.0.11 /etc/ssh/ssh_host_ed25519_key registry");
  });

  test("nor is a secret of the environment", () => {
    expect(hiding({}, ["pass phrase\n", "", "ab"])("the pass phrase, ab")).toBe("the [secret], ab");
  });
});

/** A generated password or key: 144 bits in base64. */
const token = fc
  .uint8Array({ minLength: 18, maxLength: 48 })
  .map((bytes) => Buffer.from(bytes).toString("base64").replaceAll("=", ""))
  .filter((text) => [/[A-Z]/, /[a-z]/, /[0-9]/].every((kind) => kind.test(text)));

test("no generated secret of the state is in the text, however a value contains it", () => {
  const wraps: readonly ((secret: string) => Json)[] = [
    (secret) => secret,
    (secret) => [secret],
    (secret) => ({ [secret]: 1 }),
    (secret) => JSON.stringify({ a: secret }),
    (secret) => JSON.stringify({ a: JSON.stringify([secret]) }),
    (secret) => `one\n${secret}\ntwo`,
    (secret) => `${"x".repeat(150)} ${secret}`,
  ];
  fc.assert(
    fc.property(token, fc.array(fc.constantFrom(...wraps), { minLength: 1, maxLength: 4 }), (secret, some) => {
      const value = some.map((wrap) => wrap(secret));
      const text = textOf({ value: [] }, { value }, stateWith(secret));
      expect(text).not.toContain(secret);
      // Nor a part of it that a wrapped line would have.
      expect(text).not.toContain(secret.slice(0, 12));
    }),
  );
});
