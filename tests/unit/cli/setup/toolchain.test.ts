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
import { changedSource, sortedEnv } from "../../../../cli/setup/toolchain/changed-module";
import { moduleHash } from "../../../../cli/setup/toolchain/sources";
import { setUpToolchain } from "../../../../cli/setup/toolchain/toolchain";
import { versions } from "../../../../cli/setup/tools/versions";
import { FakeFarm } from "../../../support/fake-farm";

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

/** A `pulumi` that installs plugins as the real one does: from an archive, or from a folder. */
const pulumi = `#!/bin/sh
case "$1 $2" in
  version*) echo v${versions.pulumi} ;;
  'plugin install')
    echo "install $*" >>"$HOME/calls"
    for last; do :; done
    to=$PULUMI_HOME/plugins/resource-$4-v$5
    rm -rf "$to"; mkdir -p "$to"
    if [ -d "$last" ]; then cp -a "$last/." "$to/"; else tar -C "$to" -xzf "$last"; fi ;;
esac
`;

function archive(...paths: readonly [name: string, text: string][]): Buffer {
  for (const [name, text] of paths) machine.write(`archive/${name}`, text);
  execFileSync("chmod", ["-R", "+x", join(machine.home, "archive")]);
  return execFileSync("tar", ["-C", join(machine.home, "archive"), "-cz", ...paths.map(([name]) => name)]);
}

const cliArchive = `pulumi-v${versions.pulumi}-linux-x64.tar.gz`;

/** Files at Pulumi's official download location. */
function publish({ cli = true, plugins = true, sum = "" } = {}): void {
  if (cli) {
    const data = archive(["pulumi/pulumi", pulumi]);
    files[`/sdk/${cliArchive}`] = data;
    const right = createHash("sha256").update(data).digest("hex");
    files[`/sdk/pulumi-${versions.pulumi}-checksums.txt`] = `${"0".repeat(64)}  other\n${sum || right}  ${cliArchive}\n`;
  }
  if (!plugins) return;
  const all = { docker: versions.docker, command: versions.command, "terraform-provider": versions.terraform };
  for (const [name, version] of Object.entries(all))
    files[`/plugins/pulumi-resource-${name}-v${version}-linux-amd64.tar.gz`] = archive([name, "#!/bin/sh\n"]);
}

/** A Go that writes what it is asked for: programs that answer as the ones that they stand for. */
function go(version = "go1.24.4"): void {
  machine.write("pulumi", pulumi);
  machine.write(`provider/${sortedEnv().file}`, `package provider\n${sortedEnv().find}`);
  machine.program(
    "go",
    `case $* in
      'env GOVERSION') echo ${version}; exit ;;
      'env GOCACHE') echo /tmp; exit ;;
      'mod download '*) exit ;;
      'list -m '*) echo "$here/provider"; exit ;;
      'mod edit '*) exit ;;
    esac
    case $* in
      *-modfile*)
        while [ "$1" != -modfile ]; do shift; done
        cat "$(dirname "$2")"/module/internal/provider/*.go >>"$here/changed" ;;
    esac
    echo "in $PWD cgo=$CGO_ENABLED gc=$\{GOGC:-none}" >>"$here/builds"
    while [ "$1" != -o ]; do shift; done
    case $2 in */bin/pulumi) cp "$here/pulumi" "$2" ;; *) printf '#!/bin/sh\\n' >"$2" ;; esac
    chmod +x "$2"`,
  );
}

const setUp = () => setUpToolchain(machine.step(), downloads);
const builds = () => {
  const file = join(machine.home, "builds");
  return existsSync(file) ? readFileSync(file, "utf8").trim().split("\n") : [];
};

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
  go();
  await expect(setUp()).resolves.toMatch(/^pulumi v/);
  expect(builds()).toHaveLength(2);
  expect(readFileSync(join(pulumiFolder(machine.context()), "origin"), "utf8")).toBe(`${moduleHash("pulumi")}\n`);
});

test("builds everything from offline/toolchain if no download succeeds, without cgo, with Go's own garbage collection", async () => {
  go();
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
  go();
  await setUp();
  const before = requested.length;
  writeFileSync(join(docker(), ".swarm-farm"), "0123456789abcdef\n");
  await expect(setUp()).resolves.toBe(`pulumi v${versions.pulumi}, 3 plugins (built)`);
  expect(builds()).toHaveLength(7);
  expect(requested).toHaveLength(before);
});

test("builds the CLI again if its sources changed", async () => {
  go();
  await setUp();
  writeFileSync(join(pulumiFolder(machine.context()), "origin"), "0123456789abcdef\n");
  await setUp();
  expect(builds()).toHaveLength(8);
});

test("leaves no partial CLI after a failed build", async () => {
  go();
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
  machine.program("pulumi", pulumi.replace("#!/bin/sh\n", ""));
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

test("only the docker plugin is built from a patched source, and the patch applies exactly once", async () => {
  go();
  await setUp();
  const { find, replace } = sortedEnv();
  expect(readFileSync(join(machine.home, "changed"), "utf8")).toBe(`package provider\n${replace}`);
  expect(changedSource(`a\n${find}b\n`, sortedEnv())).toBe(`a\n${replace}b\n`);
  for (const source of ["", find + find]) expect(() => changedSource(source, sortedEnv())).toThrow("go.mod pins");
});
