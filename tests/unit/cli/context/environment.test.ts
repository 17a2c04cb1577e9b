import { join } from "node:path";
import { farmEnvironment, shimFolder, withPreload } from "../../../../cli/context/environment";
import { foldersOf } from "../../../../infra/config/folders";
import { FakeFarm } from "../../../support/fake-farm";

let fake: FakeFarm;
beforeEach(() => {
  fake = new FakeFarm();
});
afterEach(() => {
  fake.remove();
});

function environment(own: Readonly<Record<string, string>> = {}, version = "") {
  const all = { HOME: fake.home, PATH: "/usr/bin:/bin", ...own };
  const folders = foldersOf("dev", all);
  return farmEnvironment({ stack: "dev", repository: "/repository", folders }, all, () => version);
}

const cache = () => join(fake.home, ".cache", "swarm-farm");

test("on a machine without Pulumi the cached CLI and Node.js come first in PATH", () => {
  expect(environment().PATH).toBe(`${cache()}/pulumi-3.259.0/bin:${cache()}/node/bin:/usr/bin:/bin`);
});

test.each([
  ["v3.259.0\n", false],
  ["v3.260.1\n", false],
  ["v4.0.0", false],
  ["v3.258.9", true],
  ["v2.999.0", true],
  ["no version", true],
])("with Pulumi %j installed, the cached CLI comes first: %p", (version, ours) => {
  expect(environment({}, version).PATH?.startsWith(`${cache()}/pulumi-`)).toBe(ours);
});

test("PATH leaves out the shim of ./farm env, which would call ./farm again", () => {
  const first = environment({ PATH: `${shimFolder("/repository")}:/usr/bin` }).PATH;
  expect(first).not.toContain(shimFolder("/repository"));
  expect(environment({ PATH: first ?? "" }).PATH).toBe(first);
});

test("asks an installed pulumi for its version", () => {
  fake.program("pulumi", "echo v3.300.0");
  const own = { HOME: fake.home, PATH: `${join(fake.home, "bin")}:/usr/bin:/bin` };
  const { PATH } = farmEnvironment({ stack: "dev", repository: "/r", folders: foldersOf("dev", own) }, own);
  expect(PATH).not.toContain("pulumi-3");
});

test("sets the Pulumi home, the backend and the passphrase of the farm", () => {
  expect(environment()).toMatchObject({
    PULUMI_STACK: "dev",
    PULUMI_HOME: join(cache(), "pulumi-home"),
    PULUMI_BACKEND_URL: `file://${fake.home}/.local/state/swarm-farm/pulumi`,
    PULUMI_CONFIG_PASSPHRASE_FILE: join(fake.home, ".config/swarm-farm/passphrase"),
    NODE_COMPILE_CACHE: join(cache(), "compiled"),
    GOGC: "400",
  });
});

test("keeps variables that the user has set", () => {
  const own = { PULUMI_HOME: "/h", PULUMI_BACKEND_URL: "s3://b", PULUMI_CONFIG_PASSPHRASE_FILE: "/p", GOGC: "50" };
  expect(environment(own)).toMatchObject({ ...own, PULUMI_CREDENTIALS_PATH: "/h" });
  expect(environment({ PULUMI_CONFIG_PASSPHRASE: "" })).not.toHaveProperty("PULUMI_CONFIG_PASSPHRASE_FILE");
  expect(environment({ PULUMI_BACKEND_URL: "" }).PULUMI_BACKEND_URL).toMatch(/^file:/);
});

test.each([
  ["in ~/.pulumi", {}, ".pulumi"],
  ["in PULUMI_HOME", { PULUMI_HOME: "other" }, "other"],
  ["in PULUMI_CREDENTIALS_PATH", { PULUMI_CREDENTIALS_PATH: "keys" }, "keys"],
])("keeps the user's Pulumi login %s", (_, places: Readonly<Record<string, string>>, folder) => {
  const own = Object.fromEntries(Object.entries(places).map(([name, at]) => [name, join(fake.home, at)]));
  expect(environment(own)).toHaveProperty("PULUMI_BACKEND_URL");
  fake.write(join(folder, "credentials.json"), "no JSON");
  expect(environment(own)).toHaveProperty("PULUMI_BACKEND_URL");
  fake.write(join(folder, "credentials.json"), '{"current":"https://api.example"}');
  const found = environment(own);
  expect(found).not.toHaveProperty("PULUMI_BACKEND_URL");
  expect(found.PULUMI_CREDENTIALS_PATH).toBe(join(fake.home, folder));
});

test("NODE_OPTIONS preloads the program once, whatever the name of its folder", () => {
  const options = withPreload("--max-old-space-size=4096", '/a "b"');
  expect(options).toBe('--max-old-space-size=4096 --require="/a \\"b\\"/cli/light-runtime.cjs"');
  expect(withPreload(withPreload("", "/r"), "/r")).toBe(withPreload("", "/r"));
});
