import { execSync, spawnSync } from "node:child_process";
import {
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { repository } from "../../support/program";

const right = "config:\n  swarm-farm:nodes: { manager1: { role: manager } }\n";

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "refused-"));
  for (const each of ["home", "repository", "bin"]) mkdirSync(join(folder, each));
  copyFileSync(join(repository, "farm"), join(folder, "repository", "farm"));
  // It knows the repository by where it is.
  cpSync(join(repository, "cli"), join(folder, "repository", "cli"), { recursive: true });
  const linked = ["scripts", "compose", "infra", "stacks", "images", "sdks", "package-lock.json"];
  for (const each of [...linked, "package.json", "tsconfig.json"])
    symlinkSync(join(repository, each), join(folder, "repository", each));
  linkModules(join(folder, "repository", "node_modules"));
  // The user who runs the tests need not be root, and nothing is installed for them.
  const programs = { id: "echo 0", "apt-get": "exit 9", "dpkg-query": "exit 9", npm: "exit 9" };
  for (const [program, does] of Object.entries(programs))
    writeFileSync(join(folder, "bin", program), `#!/bin/sh\n${does}\n`, { mode: 0o755 });
});

afterEach(() => {
  rmSync(folder, { recursive: true });
});

/** A folder of links: the modules of this repository, marked as those of its lock file, that no `npm ci` can empty. */
function linkModules(modules: string): void {
  const own = join(repository, "node_modules");
  const stamp = ".swarm-farm-lock";
  mkdirSync(modules);
  for (const each of readdirSync(own).filter((name) => name !== stamp))
    symlinkSync(join(own, each), join(modules, each));
  const lock = "sha256sum package-lock.json sdks/libvirt/package.json | sha256sum | cut -c1-16";
  writeFileSync(join(modules, stamp), execSync(lock, { cwd: repository }));
}

/** Runs `./farm ARGS…` of a person who has nothing yet, and says what there is afterwards. */
function farm(config: string, args: readonly string[], variables: Readonly<Record<string, string>> = {}) {
  writeFileSync(join(folder, "repository", "Pulumi.bad.yaml"), config);
  const before = readdirSync(join(folder, "repository"));
  const home = join(folder, "home");
  const env = {
    PATH: `${join(folder, "bin")}:${join(process.execPath, "..")}:${process.env.PATH ?? ""}`,
    HOME: home,
    ...variables,
  };
  const { status, stderr } = spawnSync(join(folder, "repository", "farm"), args, {
    encoding: "utf8",
    env,
    timeout: 50_000,
  });
  const added = readdirSync(join(folder, "repository")).filter((file) => !before.includes(file));
  const files = [...readdirSync(home, { recursive: true }).map(String), ...added];
  return { status, stderr, left: { files, processes: processesOf(home) } };
}

/** Processes that have this home folder. */
function processesOf(home: string): string[] {
  return readdirSync("/proc").filter((pid) => {
    try {
      return /^\d+$/.test(pid) && readFileSync(`/proc/${pid}/environ`, "utf8").split("\0").includes(`HOME=${home}`);
    } catch {
      return false;
    }
  });
}

/** Those of the stack `bad`; other tests have their own. */
const namespaces = () =>
  existsSync("/run/netns") ? readdirSync("/run/netns").filter((name) => name.startsWith("farm-bad-")) : [];
const nothing = { files: [], processes: [] };

test.each([
  [
    "wrong values, all at once",
    "config:\n  swarm-farm:nodes: { manager1: { role: boss } }\n  swarm-farm:hello: { port: 99999, colour: blue }\n",
    [
      "farm: the configuration has 3 problems:",
      `nodes.manager1.role: is "boss"; must be one of 'manager', 'worker'`,
      "hello.colour: is no known key",
    ],
  ],
  [
    "a broken rule",
    `${right}  swarm-farm:loadbalancer: { certificate: { cert: /nowhere/a, key: /nowhere/b } }\n`,
    ["loadbalancer.certificate.cert: is '/nowhere/a'; there is no such file"],
  ],
  [
    "more memory than there is",
    right.replace("role: manager", "role: manager, memoryMiB: 1000000"),
    ["nodes: need 1000000 MiB of memory together"],
  ],
  ["no YAML", `${right} a: 2\n`, ["farm: Pulumi.bad.yaml is not valid YAML: line 3: "]],
])("%s: refused, and no file is created", (_, config, messages) => {
  const before = namespaces();
  const { status, stderr, left } = farm(config, ["up", "--stack", "bad"]);
  expect(status).toBe(1);
  for (const message of messages) expect(stderr).toContain(message);
  expect(stderr).not.toContain("packages");
  expect(left).toEqual(nothing);
  expect(namespaces()).toEqual(before);
});

test.each(["up", "preview", "setup", "refresh"])(
  "%s of a stack without a file names those that have one",
  (command) => {
    const { status, stderr, left } = farm(right, [command, "--stack", "typo"]);
    expect(status).toBe(1);
    expect(stderr).toContain("farm: there is no Pulumi.typo.yaml: copy Pulumi.dev.yaml and change what you like");
    expect(stderr).toContain("(bad)");
    expect(left).toEqual(nothing);
  },
);

test("a valid configuration continues, here to packages; values that only Pulumi can decrypt count as valid", () => {
  for (const config of [right, "config:\n  swarm-farm:nodes: { manager1: { role: { secure: AAAB } } }\n"]) {
    const { status, stderr } = farm(config, ["setup", "--stack", "bad"]);
    expect(status).not.toBe(0);
    expect(stderr).toContain("✗ packages");
  }
});
