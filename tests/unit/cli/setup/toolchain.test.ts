import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { Debian } from "../../../../cli/setup/tools/debian";
import type { Downloads } from "../../../../cli/setup/toolchain/download";
import { needGo } from "../../../../cli/setup/toolchain/go";
import { pluginFolder, pulumiFolder } from "../../../../cli/setup/toolchain/homes";
import { moduleHash } from "../../../../cli/setup/toolchain/sources";
import { setUpToolchain } from "../../../../cli/setup/toolchain/toolchain";
import { versions } from "../../../../cli/setup/tools/versions";
import { FakeFarm } from "../../../support/fake-farm";
import { buildsOf, fakeGo, fakePulumi } from "../../../support/fake-go";

let machine: FakeFarm;
let server: Server;
let files: Record<string, Buffer | string>;
let requested: string[];
let downloads: Downloads;

beforeEach(async () => {
  machine = new FakeFarm();
  files = {};
  requested = [];
  server = createServer((request, response) => {
    requested.push(request.url ?? "");
    const file = files[request.url ?? ""];
    response.writeHead(file === undefined ? 404 : 200).end(file);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`;
  downloads = { cli: `${url}/sdk`, plugins: `${url}/plugins` };
  // A machine without a CLI of its own: ./farm puts the cache's on PATH.
  machine.set("PATH", [bin(), join(machine.home, "bin"), process.env.PATH].join(":"));
});
afterEach(() => {
  server.closeAllConnections();
  server.close();
  machine.remove();
});

const bin = () => join(pulumiFolder(machine.context()), "bin");
const plugin = (name: string, version: string) => pluginFolder(machine.context(), name, version);
const docker = () => plugin("docker", versions.docker);

function archive(...paths: readonly [name: string, text: string][]): Buffer {
  for (const [name, text] of paths) machine.write(`archive/${name}`, text);
  execFileSync("chmod", ["-R", "+x", join(machine.home, "archive")]);
  return execFileSync("tar", ["-C", join(machine.home, "archive"), "-cz", ...paths.map(([name]) => name)]);
}

const cliArchive = `pulumi-v${versions.pulumi}-linux-x64.tar.gz`;

/** Files at Pulumi's official download location. */
function publish({ cli = true, plugins = true, sum = "" } = {}): void {
  if (cli) {
    const data = archive(["pulumi/pulumi", fakePulumi]);
    files[`/sdk/${cliArchive}`] = data;
    const right = createHash("sha256").update(data).digest("hex");
    files[`/sdk/pulumi-${versions.pulumi}-checksums.txt`] = `${"0".repeat(64)}  other\n${sum || right}  ${cliArchive}\n`;
  }
  if (!plugins) return;
  const all = { docker: versions.docker, command: versions.command, "terraform-provider": versions.terraform };
  for (const [name, version] of Object.entries(all))
    files[`/plugins/pulumi-resource-${name}-v${version}-linux-amd64.tar.gz`] = archive([name, "#!/bin/sh\n"]);
}

const setUp = () => setUpToolchain(machine.step(), downloads);
const builds = () => buildsOf(machine);

test("takes the official downloads, once", async () => {
  publish();
  await expect(setUp()).resolves.toBe(`pulumi v${versions.pulumi}, 3 plugins (official)`);
  expect(readFileSync(join(pulumiFolder(machine.context()), "origin"), "utf8")).toBe("official\n");
  expect(requested).toHaveLength(5);
  await setUp();
  expect(requested).toHaveLength(5);
});

test("never replaces an official plugin by a built one", async () => {
  publish();
  mkdirSync(docker(), { recursive: true });
  await setUp();
  expect(machine.progress).not.toContain(`looking for the official plugin docker ${versions.docker}`);
  expect(readdirSync(docker())).toEqual([]);
});

test.each([
  ["that its release does not list", () => { publish({ sum: "0".repeat(64) }); }],
  ["that do not exist", () => { publish({ cli: false }); }],
])("builds the CLI instead of bytes %s", async (_, published) => {
  published();
  fakeGo(machine);
  await expect(setUp()).resolves.toMatch(/^pulumi v/);
  expect(builds()).toHaveLength(2);
  expect(readFileSync(join(pulumiFolder(machine.context()), "origin"), "utf8")).toBe(`${moduleHash("pulumi")}\n`);
});

test("builds everything from offline/toolchain if no download succeeds, without cgo, with Go's own garbage collection", async () => {
  fakeGo(machine);
  machine.set("GOGC", "400");
  await expect(setUp()).resolves.toBe(
    `pulumi v${versions.pulumi}, 3 plugins (built); not downloaded, built here: docker command terraform-provider`,
  );
  const modules = builds().map((line) => /toolchain\/(\w+) cgo=0 gc=none$/.exec(line)?.[1]);
  expect(modules).toEqual(["pulumi", "pulumi", "bridge", "command", "bridge", "libvirt"]);
  expect(readFileSync(join(docker(), ".swarm-farm"), "utf8")).toBe(`${moduleHash("bridge")}\n`);
  await setUp();
  expect(builds()).toHaveLength(6);
});

test("builds a plugin again whose sources changed, without a download", async () => {
  fakeGo(machine);
  await setUp();
  const before = requested.length;
  writeFileSync(join(docker(), ".swarm-farm"), "0123456789abcdef\n");
  await expect(setUp()).resolves.toBe(`pulumi v${versions.pulumi}, 3 plugins (built)`);
  expect(builds()).toHaveLength(7);
  expect(requested).toHaveLength(before);
});

test("builds the CLI again if its sources changed", async () => {
  fakeGo(machine);
  await setUp();
  writeFileSync(join(pulumiFolder(machine.context()), "origin"), "0123456789abcdef\n");
  await setUp();
  expect(builds()).toHaveLength(8);
});

test("leaves no partial CLI after a failed build", async () => {
  fakeGo(machine);
  machine.program("go", "case $* in 'env GOVERSION') echo go1.24 ;; 'env GOCACHE') echo /tmp ;; *) echo 'no space' >&2; exit 1 ;; esac");
  await expect(setUp()).rejects.toThrow("go ended with 1: no space");
  expect(existsSync(pulumiFolder(machine.context()))).toBe(false);
});

test.each([
  ["", true],
  ["go1.19.8", true],
  ["devel", true],
  ["go1.22.0", false],
  ["go1.24.4 X:nodwarf5", false],
])("Go '%s' is replaced by the distribution's: %s", async (version, replaced) => {
  machine.program("go", `echo '${version}'`);
  machine.program("apt-get");
  machine.write("root/etc/os-release", "VERSION_CODENAME=trixie\n");
  const step = machine.step();
  await needGo(step, new Debian(step, join(machine.home, "root")));
  expect(machine.calls.some((call) => call.endsWith("--no-install-recommends golang-go"))).toBe(replaced);
});

test("keeps a CLI of the machine that is new enough", async () => {
  publish({ cli: false });
  machine.set("PATH", [join(machine.home, "bin"), process.env.PATH].join(":"));
  machine.program("pulumi", fakePulumi.replace("#!/bin/sh\n", ""));
  await expect(setUp()).resolves.toMatch(/3 plugins \(official\)/);
  expect(existsSync(pulumiFolder(machine.context()))).toBe(false);
});

test("Pulumi keeps no log in the farm's Pulumi home, unless the user makes the folder", async () => {
  publish();
  const logs = join(machine.context().folders.cache, "pulumi-home", "logs");
  await setUp();
  expect(statSync(logs).isFile()).toBe(true);
  execFileSync("rm", [logs]);
  mkdirSync(logs);
  await setUp();
  expect(statSync(logs).isDirectory()).toBe(true);
});

test("adds nothing but plugins to a home in PULUMI_HOME", async () => {
  publish();
  machine.set("PULUMI_HOME", join(machine.home, "other"));
  await setUp();
  expect(readdirSync(join(machine.home, "other"))).toEqual(["plugins"]);
});

test("the hash of a module does not depend on the path of offline/", () => {
  // 18 minutes of building would follow from another one on machines that have these.
  const paths = execFileSync("sh", ["-c", "cd offline && find toolchain/bridge -type f ! -name '*.md' | LC_ALL=C sort"], {
    cwd: join(__dirname, "..", "..", "..", ".."),
    encoding: "utf8",
  });
  const sha256 = (data: Buffer | string) => createHash("sha256").update(data).digest("hex");
  const offline = join(__dirname, "..", "..", "..", "..", "offline");
  const lines = paths.trim().split("\n").map((path) => `${sha256(readFileSync(join(offline, path)))}  ${path}\n`);
  expect(moduleHash("bridge")).toBe(sha256(lines.join("")).slice(0, 16));
});
