import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { repository } from "../../support/program";

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "answers-"));
  mkdirSync(join(folder, "dev"));
});

afterEach(() => {
  rmSync(folder, { recursive: true });
});

/** Lines of ours, where `pulumi` is a function with this body. */
function bash(lines: string, pulumi: string, variables: Readonly<Record<string, string>> = {}) {
  const program = `
    set -euo pipefail
    REPO=${repository}
    for file in say help stack show ssh-files commands; do . "$REPO/setup/$file.sh"; done
    FARM_STACK=dev FARM_HOME=${folder}/dev PULUMI_CONFIG_PASSPHRASE_FILE=/the/passphrase
    PULUMI_BACKEND_URL=\${PULUMI_BACKEND_URL:-file://${folder}/state}
    pulumi() { ${pulumi}; }
    ${lines}`;
  const env = { PATH: process.env.PATH, HOME: folder, ...variables };
  const { status, stdout, stderr } = spawnSync("bash", ["-c", program], { encoding: "utf8", env });
  return { status, stdout, said: stderr };
}

const fails = (message: string) => `echo '${message}' >&2; return 255`;
const wrongPassphrase = fails("error: getting secrets manager: incorrect passphrase");

test.each([
  ["farm_secret admin"],
  ["farm_stack_outputs"],
  ["write_ssh_files"],
])("%s: a wrong passphrase is told as such", (command) => {
  const { status, said } = bash(command, wrongPassphrase);
  expect(said).toContain("the passphrase (/the/passphrase) is not the one that stack 'dev' was made with");
  expect(status).toBe(1);
});

test("a farm is not there only if its stack is not", () => {
  const selected = "error: no stack selected; please use `pulumi stack select` to choose one";
  const folder = 'error: unable to open state directory "file:///s": stat /s: no such file or directory';
  for (const said of [selected, folder]) expect(bash("farm_stack_outputs", fails(said)).said).toContain("is not there");
  expect(bash("write_ssh_files", fails("error: current stack does not have output property sshFiles")).status).toBe(0);
  const notThere = "farm: the farm 'dev' is not there: ./farm up builds it\n";
  expect(bash("farm_stack_outputs", fails(`error: no stack named "dev" found`)).said).toBe(notThere);
  expect(bash("farm_stack_outputs", fails("error: could not reach s3://theirs")).said).toBe(
    "farm: pulumi says: could not reach s3://theirs\n",
  );
  expect(bash("farm_stack_outputs", "echo '{}'").said).toBe("farm: the farm 'dev' is not complete: ./farm up goes on\n");
  expect(bash("write_ssh_files", fails(`error: no stack named "dev" found`)).status).toBe(0);
});

test("a password is found, and a user who is not there is told with those who are", () => {
  const login = { username: "admin", password: { plaintext: '"open"' } };
  const state = JSON.stringify({ deployment: { resources: [{ type: "swarm-farm:keys:Login", outputs: login }] } });
  expect(bash("farm_secret admin", `echo '${state}'`).stdout).toBe("open\n");
  expect(bash("farm_secret nobody", `echo '${state}'`).said).toBe("farm: there is no user 'nobody'; there are: admin\n");
});

describe("ssh files", () => {
  const dir = () => join(folder, "dev", "ssh");
  const checkpoint = () => join(folder, "state", ".pulumi", "stacks", "swarm-farm", "dev.json");
  const content = (name: string) => readFileSync(join(dir(), name), "utf8");

  /** The stack's output, and how often it was read. */
  function written(files: Readonly<Record<string, string>>, variables: Readonly<Record<string, string>> = {}) {
    const { status, said } = bash("write_ssh_files", `echo read >>${folder}/reads; echo '${JSON.stringify(files)}'`, variables);
    expect([status, said]).toEqual([0, ""]);
    return existsSync(join(folder, "reads")) ? readFileSync(join(folder, "reads"), "utf8").split("\n").length - 1 : 0;
  }

  const one = { id_ed25519: "key", config: "Include @DIR@/*.host\n", "worker1.host": "w1\n", "worker1.known": "k1\n" };
  const two = { id_ed25519: "key", config: "Include @DIR@/*.host\n", "worker2.host": "w2\n", "worker2.known": "k2\n" };

  /** As after an update, here or on another machine. */
  function updated(): void {
    mkdirSync(join(checkpoint(), ".."), { recursive: true });
    writeFileSync(checkpoint(), "{}");
    writeFileSync(join(folder, "dev", "settled"), "");
    utimesSync(checkpoint(), new Date(), new Date(Date.now() + 5000));
  }

  test("are written for their owner alone, where this machine has none", () => {
    expect(written(one)).toBe(1);
    expect(content("config")).toBe(`Include ${dir()}/*.host\n`);
    expect(statSync(join(dir(), "id_ed25519")).mode & 0o777).toBe(0o600);
  });

  test("follow what another update did, and nothing is read where there was none", () => {
    written(one);
    expect(written(two)).toBe(1);
    updated();
    expect(written(two)).toBe(2);
    expect(readdirSync(dir()).filter((name) => name.startsWith("worker"))).toEqual(["worker2.host", "worker2.known"]);
  });

  test("follow a backend that others use too, every time", () => {
    const others = { PULUMI_BACKEND_URL: "s3://theirs" };
    written(one, others);
    expect(written(two, others)).toBe(2);
    expect(content("worker2.host")).toBe("w2\n");
  });

  test("stay as they are where the backend is away, which is said", () => {
    const others = { PULUMI_BACKEND_URL: "s3://theirs" };
    written(one, others);
    const { status, said } = bash("write_ssh_files", fails("error: no route to host"), others);
    expect(said).toContain(`cannot be read, those in ${dir()} are used: pulumi says: no route to host`);
    expect([status, content("worker1.host")]).toEqual([0, "w1\n"]);
  });
});

test("sudo keeps the names of what a run needs, and nothing else", () => {
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
  };
  const others = { XDG_RUNTIME_DIR: "/run/user/1000", LD_PRELOAD: "", EDITOR: "vi", MY_AWS_KEY: "1" };
  const { stdout } = bash("unset PULUMI_CONFIG_PASSPHRASE_FILE PULUMI_BACKEND_URL; kept_variables", ":", { ...kept, ...others });
  expect(stdout.trim().split(",").sort()).toEqual(Object.keys(kept).sort());
  expect(stdout).not.toContain("hush");
  expect(bash("kept_variables", ":").stdout.trim()).toBe("");
});
