import { runProgram, stackConfig, type Run } from "../support/program";
import type { Registered } from "../support/mocks";

/**
 * Pulumi runs a command again when its text changes. A farm made by an older version runs these once more, so each must do
 * nothing on a farm that is as it should be; infra/swarm/scripts and the others say how.
 */
const idempotent = [
  /^ssh-/,
  /-(power|report|init|join|ready|availability|settings|certificate-expiry|worker-token)$/,
  /-label-[^-]+$/,
  /-(converged|load|link|cleanup|socket-group)$/,
  /^published-ports$/,
];

/** Keys, certificates and passwords: another text must never generate another one. */
const secret = /-(ed25519|self|certificate|generated)$/;

let run: Run;

beforeAll(async () => {
  run = await runProgram(stackConfig("Pulumi.dev.yaml"));
});

const commands = (): Registered[] => run.resources.filter(({ type }) => /^command:\w+:Command$/.test(type));

test("a command with another text runs again only if it is known to be idempotent", () => {
  const again = commands().filter(({ ignoreChanges }) => !ignoreChanges.includes("create"));
  expect(again.length).toBeGreaterThan(20);
  expect(again.map(({ name }) => name).filter((name) => !idempotent.some((known) => known.test(name)))).toEqual([]);
});

test("an edited script generates no other key, certificate or password, and neither does an update of its inputs", () => {
  const secrets = commands().filter(({ name }) => secret.test(name));
  expect(secrets.length).toBeGreaterThan(8);
  for (const { name, inputs, ignoreChanges } of secrets)
    expect([name, ignoreChanges.includes("create"), inputs.update]).toEqual([name, true, ":"]);
});

test("a secret's script has no values that a rotation changes: a change of the script is ignored", () => {
  for (const { inputs } of commands().filter(({ name }) => secret.test(name))) {
    const [assignments = ""] = (inputs.create as string).split("set -eu\n");
    expect(assignments).toMatch(/^(DAYS=\d+\n)?$/);
  }
});

test("a probe and a push keep their result too", () => {
  for (const { ignoreChanges } of commands().filter(({ name }) => /-(push|pin|kvm-probe|verified)$/.test(name)))
    expect(ignoreChanges).toContain("create");
});
