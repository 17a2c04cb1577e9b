import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { remoteCommand } from "../../infra/remote/command";
import { SshClient } from "../../infra/remote/ssh-files";
import { swarmCommand } from "../../infra/remote/swarm-command";
import { find, listing, record, valueOf, type Registered } from "../support/mocks";
import { runWith } from "../support/fake-programs";
import { access } from "../support/samples";

describe("remoteCommand", () => {
  let command: Registered;

  beforeAll(async () => {
    const resources = await record(() => {
      remoteCommand(
        "hi",
        { on: access(), create: "echo hi", delete: "echo bye", stdin: pulumi.secret("token"), triggers: ["a"] },
        {},
      );
    });
    command = find(resources, "hi");
  });

  test("dials the node until it has booted, and no other machine", () => {
    expect(command.inputs.connection).toEqual({
      secret: {
        host: "10.77.0.21",
        port: 22,
        user: "root",
        privateKey: "login key",
        hostKey: "host key",
        dialErrorLimit: -1,
        perDialTimeout: 15,
      },
    });
  });

  test("logs nothing, and keeps what it is given secret", () => {
    expect(command.inputs).toMatchObject({
      logging: "none",
      addPreviousOutputInEnv: false,
      stdin: { secret: "token" },
    });
  });

  test("is undone before it is done anew", () => {
    expect(command.deleteBeforeReplace).toBe(true);
    expect(command.inputs).toMatchObject({ create: "echo hi", delete: "echo bye", triggers: ["a"] });
  });
});

describe("swarmCommand", () => {
  let command: Registered;
  let there: Registered;

  beforeAll(async () => {
    const resources = await record(() => {
      const ssh = sshClient();
      const first = swarmCommand("first", { ssh, after: [], create: "true" }, {});
      const args = { create: "echo it's", delete: "echo bye", about: "worker1", stdin: pulumi.secret("token") };
      swarmCommand("hi", { ssh, after: [first], ...args, triggers: ["a"] }, {});
      swarmCommand("there", { ssh, after: [], on: "worker1", create: "echo hi" }, {});
    });
    there = find(resources, "there");
    command = find(resources, "hi");
  });

  test("runs on any manager, and is undone by any but the node that it is about", () => {
    expect(command.inputs.create).toMatch(/^exec ssh .* any\.manager 'echo it'\\''s'$/);
    expect(command.inputs.delete).toMatch(/^exec ssh .* any\.manager\.but\.worker1 'echo bye'$/);
  });

  test("runs on a node, which is told the managers of that moment", () => {
    expect(there.inputs.create).toMatch(/ worker1 "managers='\$\(cat .*\/ssh"\/managers\)'; "'echo hi'$/);
    expect(there.inputs.delete).toBeUndefined();
  });

  test("tells more where Pulumi runs once it has failed, with its own status, and takes the patience of who runs it", async () => {
    const resources = await record(() => {
      swarmCommand("hi", { ssh: sshClient(), after: [], create: "echo hi", explain: "cat console >&2" }, {});
    });
    const { create } = find(resources, "hi").inputs;
    const run = (ssh: string) =>
      runWith(create as string, { ssh }, { files: { console: ["login:"] }, env: { FARM_WAIT_SECONDS: "5" } });
    const failed = run("echo no >&2; exit 3");
    expect([failed.status, failed.stderr]).toEqual([3, "no\nlogin:\n"]);
    const ended = run("echo done");
    expect([ended.status, ended.stdout, ended.stderr]).toEqual([0, "done\n", ""]);
    expect(ended.calls.join("\n")).toContain("any.manager FARM_WAIT_SECONDS=5; echo hi");
  });

  test("asks a node afterwards, unless it has failed", async () => {
    const resources = await record(() => {
      const afterwards = { on: "worker1", script: "echo there" };
      swarmCommand("hi", { ssh: sshClient(), after: [], create: "echo hi", afterwards, explain: "true" }, {});
    });
    const { create } = find(resources, "hi").inputs;
    const hosts = (ssh: string) => {
      const { status, calls } = runWith(create as string, { ssh });
      return [status, ...calls.map((call) => / (any\.manager|worker1) FARM_WAIT_SECONDS/.exec(call)?.[1])];
    };
    expect(hosts("true")).toEqual([0, "any.manager", "worker1"]);
    expect(hosts("exit 3")).toEqual([3, "any.manager"]);
    expect(hosts('case "$*" in *worker1*) exit 4 ;; esac')).toEqual([4, "any.manager", "worker1"]);
  });

  test("waits for ssh's files and what it comes after, and is undone before it is done anew", () => {
    expect(command.dependsOn).toEqual(expect.arrayContaining(["first", "ssh-config", "ssh-manager-proxy"]));
    expect(command.deleteBeforeReplace).toBe(true);
  });

  test("logs nothing, and keeps what it is given secret", () => {
    expect(command.inputs).toMatchObject({
      logging: "none",
      addPreviousOutputInEnv: false,
      stdin: { secret: "token" },
      triggers: ["a"],
    });
  });
});

function sshClient(): SshClient {
  return new SshClient("ssh", {
    farm: "dev",
    state: "/state/dev",
    privateKey: pulumi.secret("login key"),
    nodes: { worker1: access() },
    managers: ["manager1", "manager2"],
  });
}

describe("SshClient", () => {
  let client: SshClient;
  let resources: Registered[];

  beforeAll(async () => {
    resources = await record(() => {
      client = sshClient();
    });
  });

  test("is one file each, so that a node touches no other's", () => {
    expect(listing(resources)).toEqual([
      "ssh > ssh-config: command:local:Command",
      "ssh > ssh-id_ed25519: command:local:Command",
      "ssh > ssh-manager-proxy: command:local:Command",
      "ssh > ssh-managers: command:local:Command",
      "ssh > ssh-worker1.host: command:local:Command",
      "ssh > ssh-worker1.known: command:local:Command",
      "ssh: swarm-farm:remote:SshClient",
    ]);
  });

  test("writes files that only their owner reads, whole or not at all, where the machine has its state", () => {
    const { inputs } = find(resources, "ssh-id_ed25519");
    expect(inputs).toMatchObject({
      environment: { FILE: "id_ed25519" },
      stdin: { secret: "login key" },
      logging: "none",
    });
    const home = mkdtempSync(join(tmpdir(), "ssh-files-"));
    const run = (script: unknown, input: string) => {
      execFileSync("sh", ["-c", script as string], {
        env: { PATH: process.env.PATH, HOME: home, FILE: "config" },
        input,
      });
    };
    const folder = join(home, ".local/state/swarm-farm/dev/ssh");
    run(inputs.create, "Include @DIR@/*.host\n");
    expect(readFileSync(join(folder, "config"), "utf8")).toBe(`Include ${folder}/*.host\n`);
    expect(statSync(join(folder, "config")).mode & 0o777).toBe(0o600);
    run(inputs.delete, "");
    expect(readdirSync(join(home, ".local/state/swarm-farm/dev"))).toEqual([]);
    rmSync(home, { recursive: true });
  });

  test("knows each node by its address and key alone", () => {
    expect(find(resources, "ssh-worker1.known").inputs.stdin).toBe("10.77.0.21,any.manager host key\n");
    expect(find(resources, "ssh-worker1.host").inputs.stdin).toBe(
      "Host worker1 10.77.0.21\n  HostName 10.77.0.21\n  UserKnownHostsFile @DIR@/worker1.known\n",
    );
    expect(find(resources, "ssh-config").inputs.stdin).toContain("StrictHostKeyChecking yes");
  });

  test("has a name for any manager, whose key is one of theirs", () => {
    expect(find(resources, "ssh-config").inputs.stdin).toContain(
      [
        "Host any.manager any.manager.but.*",
        "  HostKeyAlias any.manager",
        "  UserKnownHostsFile @DIR@/manager1.known @DIR@/manager2.known",
        "  ProxyCommand sh @DIR@/manager-proxy %n",
        "  ControlPath none",
      ].join("\n"),
    );
  });

  test("says how to call ssh in words that are right on any machine", () => {
    expect(client.call("worker1", ["-o", "ConnectTimeout=10"])).toBe(
      'ssh -F "${XDG_STATE_HOME:-$HOME/.local/state}/swarm-farm/dev/ssh"/config -o ControlMaster=no -o ControlPath=none -o ConnectTimeout=10 worker1',
    );
  });

  test("gives the same files as data, the key among them secret", async () => {
    expect(Object.keys(client.files).sort()).toEqual([
      "config",
      "id_ed25519",
      "manager-proxy",
      "managers",
      "worker1.host",
      "worker1.known",
    ]);
    const key = pulumi.output(client.files.id_ed25519);
    expect([await valueOf(key), await pulumi.isSecret(key)]).toEqual(["login key", true]);
    expect(client.configFile).toBe("/state/dev/ssh/config");
  });
});
