import { join } from "node:path";
import { completion } from "../../../../cli/commands/completion";
import { env } from "../../../../cli/commands/env";
import { outputs } from "../../../../cli/commands/outputs";
import { run } from "../../../../cli/commands/run";
import { secret } from "../../../../cli/commands/secret";
import { loginsOf } from "../../../../cli/secrets/logins";
import { FakeFarm, printed } from "../../../support/fake-farm";
import { farmOutputs as made } from "../../../support/farm-outputs";
import { repository } from "../../../support/program";

let fake: FakeFarm;
beforeEach(() => {
  fake = new FakeFarm();
});
afterEach(() => {
  fake.remove();
});

const typed = (...words: readonly string[]) => ({ arguments: words, options: {} });
/** A farm whose `pulumi` prints this. */
function pulumi(answer: unknown): void {
  fake.write("answer", JSON.stringify(answer));
  fake.program("pulumi", 'cat "$here/answer"');
}

test("outputs prints a page, or JSON without secrets", async () => {
  pulumi({ ...made, sshFiles: "[secret]", logins: "[secret]", authorityCertificate: "PEM" });
  expect(await printed(() => outputs.run(fake.context(), typed()))).toContain("hello\npasswords: ./farm secret admin");
  const json = await printed(() => outputs.run(fake.context(), { arguments: [], options: { json: true } }));
  expect(JSON.parse(json)).toEqual({ ...made, authorityCertificate: "PEM" });
});

test("outputs reports a farm that is incomplete or does not exist", async () => {
  pulumi({});
  await expect(printed(() => outputs.run(fake.context(), typed()))).rejects.toThrow(
    "the farm 'dev' is not complete: ./farm up goes on",
  );
  fake.program("pulumi", `echo 'error: no stack named "dev" found' >&2; exit 255`);
  await expect(printed(() => outputs.run(fake.context(), typed()))).rejects.toThrow(
    "the farm 'dev' is not there: ./farm up builds it",
  );
});

const login = (username: string, password: string) => ({
  urn: `urn::${username}`,
  type: "swarm-farm:keys:Login",
  outputs: { username, password: { plaintext: JSON.stringify(password) } },
});

test("secret prints a password, and lists the users for an unknown one", async () => {
  const others = [
    { urn: "urn::a", type: "swarm-farm:keys:Password", outputs: { password: { plaintext: '"x"' } } },
    { urn: "urn::b", type: "swarm-farm:keys:Login" },
  ];
  pulumi({ deployment: { resources: [login("admin", 'open "sesame"'), ...others] } });
  expect(await printed(() => secret.run(fake.context(), typed("admin")))).toBe('open "sesame"\n');
  expect(fake.calls).toEqual(["pulumi stack export --show-secrets"]);
  await expect(printed(() => secret.run(fake.context(), typed("nobody")))).rejects.toThrow(
    "there is no user 'nobody'; there are: admin",
  );
  expect(loginsOf([]).size).toBe(0);
});

test("run starts a command in the farm's environment with its arguments unchanged", async () => {
  fake.program("probe", 'env >"$here/env"; exit 6');
  const context = fake.context({ environment: { ...fake.context().environment, PULUMI_STACK: "dev" } });
  await expect(printed(() => run.run(context, typed("probe", "a b", "--c")))).rejects.toMatchObject({ status: 6 });
  expect(fake.calls).toEqual(["probe a b --c"]);
});

test("env prints quoted assignments for a POSIX shell", async () => {
  const context = fake.context({ environment: { PATH: "/bin", PULUMI_STACK: "dev", PULUMI_HOME: "/a b", GOGC: "1" } });
  expect(await printed(() => env.run(context, typed()))).toBe(
    `export PATH=${join(context.repository, "cli", "bin")}:/bin\nexport PULUMI_STACK=dev\nexport PULUMI_HOME='/a b'\n`,
  );
});

test("completion is printed for each supported shell", async () => {
  const context = fake.context({ repository });
  expect(await printed(() => completion.run(context, typed("zsh")))).toContain("#compdef farm");
  expect(() => completion.run(context, typed("tcsh"))).toThrow(
    "there is no completion for 'tcsh'; there is for bash, zsh, fish",
  );
});
