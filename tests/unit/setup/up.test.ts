import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { repository } from "../../support/program";

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "up-"));
  for (const each of ["bin", "dev/ssh"]) mkdirSync(join(folder, each), { recursive: true });
  writeFileSync(join(folder, "dev", "ssh", "config"), "");
});

afterEach(() => {
  rmSync(folder, { recursive: true });
});

/** Programs in the way of the real ones. */
function programs(bodies: Readonly<Record<string, string>>): void {
  for (const [name, body] of Object.entries(bodies))
    writeFileSync(join(folder, "bin", name), `#!/bin/sh\n${body}\n`, { mode: 0o755 });
}

/** Runs lines of bash with what `./farm` reads; the hypervisor is here. */
function bash(lines: string) {
  const program = `
    set -euo pipefail
    REPO=${repository}
    for file in say config gate show stack doctor commands; do . "$REPO/setup/$file.sh"; done
    FARM_STACK=dev FARM_HOME=${folder}/dev FARM_LOGS=${folder}/logs
    in_farm() { "$@"; }
    ${lines}`;
  const env = {
    ...process.env,
    PATH: `${join(folder, "bin")}:${dirname(process.execPath)}:${process.env.PATH ?? ""}`,
    FARM_WAIT_SECONDS: "1",
  };
  const { status, stdout, stderr } = spawnSync("bash", ["-c", program], { encoding: "utf8", env, timeout: 50_000 });
  return { status, stdout, said: stderr };
}

const done = () => readFileSync(join(folder, "done"), "utf8").split("\n").filter(Boolean);

/** `./farm up ARGS…` with its parts replaced by their names. */
function up(args: string, { missing = "", rests = true } = {}) {
  return bash(`
    did() { printf '%s\\n' "$*" >>${folder}/done; }
    banner() { :; }
    setup_all() { did setup; }
    setup_hypervisor() { note here; }
    write_ssh_files() { did ssh-files; }
    look() { did look; MISSING=${JSON.stringify(missing)}; }
    repair() { did repair; REPAIRS=(--replace urn); }
    run_pulumi() { did "pulumi $*"; }
    start_forwards() { did forwards; }
    gate() { did gate; ${String(rests)}; }
    show_farm() { did show; }
    farm_up ${args}`);
}

test("up looks before Pulumi, and after it", () => {
  expect(up("--diff").status).toBe(0);
  expect(done()).toEqual(["setup", "ssh-files", "look", "pulumi up --diff --yes", "forwards", "gate", "show"]);
});

test("a farm that does not rest ends it, without the table of URLs", () => {
  expect(up("", { rests: false }).status).toBe(1);
  expect(done().slice(-2)).toEqual(["forwards", "gate"]);
});

test("what is missing is read back, as it is with --refresh", () => {
  const { said } = up("", { missing: "service hello: is gone" });
  expect(said).toContain("what is missing is read back first, as with --refresh");
  expect(done()).toContain("pulumi up --yes --refresh --replace urn");
  up("-r");
  expect(done()).toContain("pulumi up -r --yes --replace urn");
});

/** What one manager answers: hello has two tasks, of which as many run as `running` says. */
function manager(running: number): string {
  const now = Math.floor(Date.now() / 1000);
  const Timestamp = new Date(Date.now() - 60_000).toISOString();
  const task = (Slot: number, State: string) => ({ ID: `t${Slot}`, ServiceID: "s", NodeID: "n", Slot, CreatedAt: Timestamp, DesiredState: "running", Status: { Timestamp, State } });
  const node = (ID: string, Hostname: string) => ({ ID, Spec: { Availability: "active" }, Description: { Hostname }, Status: { State: "ready" } });
  const Spec = { Name: "hello", Labels: { "swarm-farm.made-by": "swarm-farm/dev" }, Mode: { Replicated: {} } };
  const answers = [
    now,
    { Swarm: { Cluster: null } },
    [node("n", "manager1")],
    [{ ID: "s", Spec, ServiceStatus: { DesiredTasks: 2 } }],
    [task(1, "running"), task(2, running === 2 ? "running" : "starting")],
  ];
  return `cat <<'ANSWERS'\n${answers.map((answer) => JSON.stringify(answer)).join("\n")}\nANSWERS`;
}

const outputs = JSON.stringify({
  urls: { hello: "http://10.77.0.11:8080", lamp: "https://lamp.example/" },
  nodes: [{ name: "manager1", address: "10.77.0.11" }],
});
const gate = `OUTPUTS='${outputs}'; gate`;

test("the gate tells how many services rest and how many routes answer", () => {
  programs({ ssh: manager(2), curl: `echo "$*" >>${folder}/done; printf 401` });
  const { status, said } = bash(gate);
  expect(said).toMatch(/✓ services +1 full and at rest, 2 routes answer/);
  expect(status).toBe(0);
  expect(done().sort()[1]).toMatch(/--connect-to ::10\.77\.0\.11: https:\/\/lamp\.example\/$/);
});

test.each([
  ["a task", 1, "200", "service hello: 1 of 2 tasks run (hello.2 on manager1 is 'starting')"],
  ["a route", 2, "502", "route lamp: https://lamp.example/ answers 502"],
])("the gate names %s that is not there in time, and what to do", (_, running, code, message) => {
  programs({ ssh: manager(running), curl: `printf ${code}` });
  const { status, said } = bash(gate);
  expect(status).toBe(1);
  expect(said).toContain("✗ services");
  expect(said).toContain(message);
  expect(said).toContain("./farm doctor");
});

const configuration = JSON.stringify({ nodes: { manager1: { role: "manager" } }, hosts: { local: { uri: "qemu:///system" } } });
const look = `CONFIGURATION='${configuration}'; look; echo "missing: $MISSING"`;

function state(...names: readonly string[]): string {
  const resources = names.map((name) => ({ urn: `urn:pulumi:dev::swarm-farm::x::${name}`, type: "x" }));
  const spec = { name: "hello", mode: {}, taskSpec: { containerSpec: { image: "i" } } };
  const hello = { urn: "urn:pulumi:dev::swarm-farm::x::hello-service", type: "docker:index/service:Service", inputs: spec };
  return `cat <<'STATE'\n${JSON.stringify({ deployment: { resources: [...resources, hello] } })}\nSTATE`;
}

test("VMs that are off are started, and their nodes waited for", () => {
  programs({
    virsh: `echo "$*" >>${folder}/done; case $* in *list*) echo " - dev.manager1 shut off" ;; esac`,
    ssh: manager(2),
    pulumi: state("manager1-domain", "manager1-join"),
  });
  const { said, stdout } = bash(look);
  expect(said).toMatch(/✓ machines +started manager1/);
  expect(stdout).toBe("missing: \n");
  expect(done()).toEqual(["-q -c qemu:///system list --all", "-q -c qemu:///system start dev.manager1"]);
});

test("where all is there libvirt is asked once, and one manager", () => {
  programs({
    virsh: `echo virsh >>${folder}/done; echo " 1 dev.manager1 running"`,
    ssh: `echo ssh >>${folder}/done; ${manager(1)}`,
    pulumi: state("manager1-domain", "manager1-join"),
  });
  expect(bash(look).said).toMatch(/✓ machines +1 run, their nodes are ready/);
  expect(done()).toEqual(["virsh", "ssh"]);
});

test("what a start cannot bring back is missing", () => {
  programs({
    virsh: 'case $* in *list*) echo " - dev.manager1 shut off" ;; *) echo "error: no such disk" >&2; exit 1 ;; esac',
    ssh: manager(2),
    pulumi: state("manager1-domain", "manager1-join"),
  });
  expect(bash(look).stdout).toBe("missing: manager1: its VM does not start: no such disk\n");
});

test("a node that was lost is waited for, unless its repair was asked for", () => {
  const answers = manager(2).replace('"ready"', '"down"');
  programs({
    virsh: 'echo " 1 dev.manager1 running"',
    ssh: `echo ssh >>${folder}/done; if [ $(grep -c ssh ${folder}/done) -lt 2 ]; then ${answers}\nelse ${manager(2)}\nfi`,
    pulumi: state("manager1-domain", "manager1-join"),
  });
  expect(bash(look.replace("; look;", "; look 0;")).stdout).toBe("missing: manager1: to the swarm it is 'down'\n");
  writeFileSync(join(folder, "done"), "");
  expect(bash(look).stdout).toBe("missing: \n");
  expect(done()).toEqual(["ssh", "ssh"]);
});
