import { spawn, spawnSync } from "node:child_process";
import { join } from "node:path";
import { FakeFarm } from "../../support/fake-farm";
import { repository } from "../../support/program";

/** `./farm` behind its bootstrap, as a process of its own. */
const main = [
  `--require=${join(repository, "node_modules/tsx/dist/cjs/index.cjs")}`,
  join(repository, "cli", "main.ts"),
] as const;

let fake: FakeFarm;
let env: NodeJS.ProcessEnv;
beforeEach(() => {
  fake = new FakeFarm();
  env = {
    PATH: `${join(fake.home, "bin")}:${join(process.execPath, "..")}:/usr/bin:/bin`,
    HOME: fake.home,
    NO_COLOR: "1",
  };
});
afterEach(() => {
  fake.remove();
});

/** A farm of so many nodes, whose `pulumi` is new enough to be used. */
function nodes(count: number): void {
  const node = { name: "worker", role: "worker", address: "10.0.0.1" };
  fake.write("outputs.json", JSON.stringify({ nodes: Array.from({ length: count }, () => node), urls: {} }));
  fake.program("pulumi", `case "$1" in version) echo v9.0.0 ;; *) cat "$here/outputs.json" ;; esac`);
}

test("a closed pipe ends ./farm quietly", () => {
  nodes(20_000);
  const line = `node ${main.join(" ")} outputs --json | head -n 1; echo "\${PIPESTATUS[0]}"`;
  const { stdout, stderr } = spawnSync("bash", ["-c", line], { encoding: "utf8", env });
  expect([stdout, stderr]).toEqual(["{\n0\n", ""]);
});

test("prints no colors, whatever the terminal", () => {
  nodes(1);
  const { stdout, stderr, status } = spawnSync("node", [...main, "outputs"], { encoding: "utf8", env });
  expect([status, stderr]).toEqual([0, ""]);
  expect(stdout).toMatch(/^NODE +ROLE +ADDRESS/);
  expect(stdout).not.toContain("\u001b");
});

test("passes no tsconfig of ./farm on to a program that it starts", () => {
  fake.built(["manager1"]);
  const around = { ...env, TSX_TSCONFIG_PATH: join(repository, "tsconfig.json") };
  const argv = [...main, "run", "--", "sh", "-c", "echo tsconfig=$TSX_TSCONFIG_PATH"];
  const { stdout, stderr } = spawnSync("node", argv, { encoding: "utf8", env: around });
  expect([stdout, stderr]).toEqual(["tsconfig=\n", ""]);
});

test("Ctrl-C ends a running program, and ./farm says what to do next", async () => {
  // `exec`: the program that hangs is the one that gets the signal.
  fake.program("pulumi", `case "$1" in version) echo v9.0.0 ;; *) : >"$here/asked"; exec sleep 60 ;; esac`);
  const child = spawn("node", [...main, "support", join(fake.home, "a.tar.gz")], {
    env,
    stdio: ["ignore", "pipe", "pipe"],
  });
  let printed = "";
  child.stderr.on("data", (data: Buffer) => {
    printed += data.toString();
  });
  const ended = new Promise((resolve) => child.once("close", resolve));
  while (!fake.calls.some((call) => call.startsWith("pulumi stack")))
    await new Promise((resolve) => setTimeout(resolve, 50));
  child.kill("SIGINT");
  expect(await ended).toBe(130);
  expect(printed).toContain("farm: interrupted: it ends as soon as it can (Ctrl-C again: at once)\n");
  expect(printed).toContain("farm: 'support' was interrupted: ./farm support can be run again\n");
});
