import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { repository } from "../../support/program";

let home: string;

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), "pulumi-home-"));
  mkdirSync(join(home, ".pulumi"));
});

afterEach(() => {
  rmSync(home, { recursive: true });
});

/** What lines of ours print on a machine that has this home folder and these variables. */
function said(lines: string, variables: Readonly<Record<string, string>> = {}): string {
  const program = `
    set -euo pipefail
    REPO=${repository}
    for file in say versions paths toolchain stack; do . "$REPO/setup/$file.sh"; done
    plugins_are_built() { :; }
    for each in setup_pulumi setup_plugin setup_libvirt_provider note pulumi; do eval "$each() { :; }"; done
    ${lines}`;
  const env = { PATH: process.env.PATH, HOME: home, ...variables };
  const { stdout, stderr, status } = spawnSync("bash", ["-c", program], { encoding: "utf8", env });
  expect([stderr, status]).toEqual(["", 0]);
  return stdout;
}

const own = () => join(home, ".cache", "swarm-farm", "pulumi-home");

test("plugins go to a home of the farm's own, where Pulumi cannot keep its log; the person's is left as it is", () => {
  expect(said("setup_toolchain; plugin_dir docker 1.0.0")).toBe(join(own(), "plugins", "resource-docker-v1.0.0"));
  expect(statSync(join(own(), "logs")).isFile()).toBe(true);
  expect(readdirSync(join(home, ".pulumi"))).toEqual([]);
});

test("a log that somebody wants to have is kept", () => {
  mkdirSync(join(own(), "logs"), { recursive: true });
  said("setup_toolchain");
  expect(statSync(join(own(), "logs")).isDirectory()).toBe(true);
});

test("another home that is named is used, and nothing is added to it", () => {
  const other = join(home, "other");
  mkdirSync(other);
  expect(said("setup_toolchain; plugin_dir docker 1.0.0", { PULUMI_HOME: other })).toContain(`${other}/plugins/`);
  expect(readdirSync(other)).toEqual([]);
});

test.each([
  ["in the person's own home", {}, ".pulumi"],
  ["in another home", { PULUMI_HOME: "other" }, "other"],
  ["where the credentials are said to be", { PULUMI_CREDENTIALS_PATH: "keys" }, "keys"],
])("whoever is logged in with Pulumi stays so: %s", (_, places: Readonly<Record<string, string>>, folder) => {
  const variables = Object.fromEntries(Object.entries(places).map(([name, at]) => [name, join(home, at)]));
  const answer = () => said('if logged_in; then echo "$CREDENTIALS_HOME"; else echo no; fi', variables).trim();
  expect(answer()).toBe("no");
  mkdirSync(join(home, folder), { recursive: true });
  writeFileSync(join(home, folder, "credentials.json"), '{"current":"https://api.example"}');
  expect(answer()).toBe(join(home, folder));
});
