import { existsSync, mkdirSync, readFileSync, statSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { stack } from "../../../../cli/commands/stack";
import { support } from "../../../../cli/commands/support";
import { FakeFarm, printed } from "../../../support/fake-farm";

let farm: FakeFarm;
beforeEach(() => {
  farm = new FakeFarm({ pulumi: "exit 255", ssh: "exit 255", virsh: "exit 1", journalctl: "exit 1" });
  farm.configure("config: { 'swarm-farm:nodes': { manager1: { role: manager } } }\n");
});
afterEach(() => {
  farm.remove();
});

describe("support refuses a name for its archive before the first slow step", () => {
  const run = async (name: string) => support.run(farm.context(), { arguments: [name], options: {} });

  test.each([
    ["report.zip", "the archive 'report.zip' must be named *.tar.gz"],
    ["/nowhere/a.tar.gz", "there is no folder '/nowhere' for the archive: make it, or name another file"],
  ])("%s", async (name, message) => {
    await expect(run(name)).rejects.toThrow(message);
    expect(farm.calls).toEqual([]);
  });

  test("that exists, also as a folder or a link", async () => {
    const file = farm.write("a.tar.gz", "mine");
    mkdirSync(join(farm.home, "b.tar.gz"));
    symlinkSync(file, join(farm.home, "c.tar.gz"));
    for (const name of ["a", "b", "c"])
      await expect(run(join(farm.home, `${name}.tar.gz`))).rejects.toThrow("is there: remove it, or name another file");
    expect(readFileSync(file, "utf8")).toBe("mine");
    expect(farm.calls).toEqual([]);
  });
});

test("support without a name writes a dated archive for its owner alone, and prints its path", async () => {
  const before = process.cwd();
  process.chdir(farm.home);
  try {
    const text = await printed(() => support.run(farm.context(), { arguments: [], options: {} }));
    expect(text.trim()).toMatch(/\/farm-support-dev-\d{8}-\d{6}\.tar\.gz$/);
    expect(statSync(text.trim()).mode & 0o777).toBe(0o600);
    expect(farm.printed).toMatch(/✓ support +\d+ files/);
  } finally {
    process.chdir(before);
  }
});

test("an interrupted support writes no archive", async () => {
  const file = join(farm.home, "x.tar.gz");
  const context = farm.context({ signal: AbortSignal.abort() });
  await expect(support.run(context, { arguments: [file], options: {} })).rejects.toThrow();
  expect(existsSync(file)).toBe(false);
});

describe("stack", () => {
  const file = "services:\n  web: { image: nginx:1.29, ports: ['8088:80'] }\n";
  const config = () => readFileSync(join(farm.home, "Pulumi.dev.yaml"), "utf8");
  const run = async (words: readonly string[], options = {}) => {
    const before = config();
    let failed = "";
    const text = await printed(async () => {
      try {
        await stack.run(farm.context(), { arguments: words, options });
      } catch (error) {
        failed = String(error);
      }
    });
    return { text, failed, changed: config() !== before };
  };

  test.each([
    ["a file that does not exist", ["add", "shop", "none.yaml"], /none\.yaml/],
    ["no file", ["add", "shop"], /file/],
    ["a name that Swarm refuses", ["add", "-shop", "compose.yaml"], /-shop/],
    ["an action that does not exist", ["drop", "shop"], /there is no '\.\/farm stack drop'; there are: add, remove/],
    [
      "the removal of a stack that does not exist",
      ["remove", "shop"],
      /there is no stack 'shop' in Pulumi\.dev\.yaml; there are: none/,
    ],
  ])("%s is refused, and the configuration does not change", async (_name, words, reason) => {
    farm.write("compose.yaml", file);
    const { failed, changed } = await run(words.map((word) => (word.endsWith(".yaml") ? join(farm.home, word) : word)));
    expect(failed).toMatch(reason);
    expect(changed).toBe(false);
  });

  test.each([
    [
      "a file with a key that Swarm does not have",
      `${file}    privileged: true\n`.replace("{ image: nginx:1.29, ports: ['8088:80'] }", "\n    image: nginx:1.29"),
    ],
    ["a file that is no YAML", "services: [\n"],
    ["a file without services", "services: {}\nnetworkz: {}\n"],
  ])("%s is refused with its line", async (_name, text) => {
    const path = farm.write("compose.yaml", text);
    const { failed, changed } = await run(["add", "shop", path]);
    expect(failed).toMatch(/compose\.yaml:\d+: /);
    expect(changed).toBe(false);
  });

  test.each([
    ["a variable without '='", { variable: ["TAG"] }, /TAG/],
    ["a route without a port", { route: ["shop=web"] }, /shop=web/],
    ["a route to a service that is not in the file", { route: ["shop=db:80"] }, /db/],
  ])("%s on the command line is refused as typed", async (_name, options, reason) => {
    const path = farm.write("compose.yaml", file);
    const { failed, text, changed } = await run(["add", "shop", path], options);
    expect(failed + text).toMatch(reason);
    expect(failed).not.toBe("");
    expect(changed).toBe(false);
  });

  test("--dry-run reports the same, and writes nothing", async () => {
    const path = farm.write("compose.yaml", file);
    const dry = await run(["add", "shop", path], { dryRun: true });
    expect(dry).toMatchObject({ failed: "", changed: false });
    const real = await run(["add", "shop", path]);
    expect(real).toMatchObject({ failed: "", changed: true, text: dry.text });
    expect(await run(["remove", "shop"], { dryRun: true })).toMatchObject({ failed: "", changed: false });
    expect(await run(["remove", "shop"])).toMatchObject({ failed: "", changed: true });
    expect(farm.printed).toContain("the next ./farm up removes its services, and its volumes stay");
  });

  test("a port that another stack publishes is refused, though each file alone is valid", async () => {
    const path = farm.write("compose.yaml", file);
    await run(["add", "one", path]);
    const { failed, changed } = await run(["add", "two", path]);
    expect(failed).toContain("8088");
    expect(changed).toBe(false);
  });
});
