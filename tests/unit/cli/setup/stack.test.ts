import { existsSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { setUpStack } from "../../../../cli/setup/stack";
import { FakeFarm } from "../../../support/fake-farm";

let machine: FakeFarm;
let passphrase: string;
beforeEach(() => {
  machine = new FakeFarm();
  passphrase = join(machine.home, ".config", "swarm-farm", "passphrase");
  machine.set("PULUMI_CONFIG_PASSPHRASE_FILE", passphrase);
  machine.set("PULUMI_BACKEND_URL", `file://${join(machine.home, "backend")}`);
  machine.write("Pulumi.dev.yaml", "config: {}\n");
});
afterEach(() => {
  machine.remove();
});

/** Answers of `pulumi`: lines of sh by its first words. */
function pulumi(answers: Readonly<Record<string, string>>): void {
  const cases = Object.entries(answers).map(([words, lines]) => `${words.replaceAll(" ", "\\ ")}*) ${lines} ;;`);
  machine.program("pulumi", `case "$*" in ${cases.join("\n")} esac`);
}

const noStack = "echo \"error: no stack named 'dev' found\" >&2; exit 255";
const wrong = "echo 'error: constructing secrets manager: incorrect passphrase' >&2; exit 255";

test("a first stack gets a passphrase that only its owner can read, and a folder for its state", async () => {
  pulumi({ "stack output": noStack });
  await expect(setUpStack(machine.step())).resolves.toBe("dev, new");
  const stacks = machine.calls.filter((call) => call.startsWith("pulumi stack"));
  expect(stacks).toEqual(["pulumi stack output --show-secrets --json", "pulumi stack init dev"]);
  expect(statSync(passphrase).mode & 0o777).toBe(0o600);
  expect(readFileSync(passphrase, "utf8")).toMatch(/^[A-Za-z0-9+/]{43}=$/);
  expect(existsSync(join(machine.home, "backend"))).toBe(true);
});

test("keeps an existing passphrase", async () => {
  machine.write(".config/swarm-farm/passphrase", "mine");
  pulumi({});
  await expect(setUpStack(machine.step())).resolves.toBe("dev");
  expect(readFileSync(passphrase, "utf8")).toBe("mine");
});

test.each([
  ["a file of the user", "PULUMI_CONFIG_PASSPHRASE_FILE", "/nowhere/passphrase"],
  ["a passphrase in a variable", "PULUMI_CONFIG_PASSPHRASE_FILE", ""],
])("generates no passphrase for %s", async (_, variable, value) => {
  machine.set(variable, value);
  pulumi({});
  await setUpStack(machine.step());
  expect(existsSync(passphrase)).toBe(false);
});

test("refuses a passphrase that does not fit the stack", async () => {
  pulumi({ "stack output": wrong });
  await expect(setUpStack(machine.step())).rejects.toThrow(
    `the passphrase (${passphrase}) is not the one that stack 'dev' was made with: put the right one there`,
  );
});

test("refuses a passphrase that does not fit the configuration, and does not change the file", async () => {
  pulumi({ "config set": `echo changed >"$5"; ${wrong}` });
  await expect(setUpStack(machine.step())).rejects.toThrow("is not the one that stack 'dev' was made with");
  expect(readFileSync(join(machine.home, "Pulumi.dev.yaml"), "utf8")).toBe("config: {}\n");
});

const salted = "config:\n  swarm-farm:lamp: {}\nencryptionsalt: v1:x\n";

test("a new stack whose file came with the salt of another passphrase gets one of its own", async () => {
  machine.write("Pulumi.dev.yaml", salted);
  const init = `if grep -q ^encryptionsalt "${join(machine.home, "Pulumi.dev.yaml")}"; then ${wrong}; fi`;
  pulumi({ "stack output": noStack, "stack init": init });
  await expect(setUpStack(machine.step())).resolves.toBe("dev, new; replaced the encryptionsalt of another passphrase");
  expect(readFileSync(join(machine.home, "Pulumi.dev.yaml"), "utf8")).toBe("config:\n  swarm-farm:lamp: {}\n");
});

test.each([
  "  swarm-farm:rotate:\n    secure: v1:y\n",
  '  swarm-farm:stacks: { shop: { variables: { A: { "secure": "v1:y" } } } }\n',
  "  swarm-farm:stacks: {shop: {variables: {A: {secure: v1:y}}}}\n",
])("refuses a new stack whose file has secrets of another passphrase, and keeps the file: %j", async (secret) => {
  const text = `config:\n${secret}encryptionsalt: v1:x\n`;
  machine.write("Pulumi.dev.yaml", text);
  pulumi({ "stack output": noStack, "stack init": wrong });
  await expect(setUpStack(machine.step())).rejects.toThrow(
    `Pulumi.dev.yaml has secrets of another passphrase than ${passphrase}: put that one there, or remove the secrets and the line encryptionsalt`,
  );
  expect(readFileSync(join(machine.home, "Pulumi.dev.yaml"), "utf8")).toBe(text);
});

test("any other failure has Pulumi's message, and the log has no secrets of its answer", async () => {
  pulumi({ "stack output": 'echo "{\\"password\\":\\"hidden\\"}"; echo "error: disk full" >&2; exit 1' });
  await expect(setUpStack(machine.step())).rejects.toThrow("pulumi: disk full");
  expect(machine.log).toBe("error: disk full\n");
});
