import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import type { SshClient } from "../../infra/remote/ssh-files";
import { find, listing, record, valueOf, type Registered } from "../support/mocks";
import { sshClient } from "../support/ssh-client";

describe("SshClient", () => {
  let client: SshClient;
  let resources: Registered[];
  const files = (name: string) => JSON.parse(find(resources, name).inputs.stdin as string) as Record<string, string>;

  beforeAll(async () => {
    resources = await record(() => {
      client = sshClient();
    });
  });

  test("is the key, a file for all nodes, and one for each node, so that no node touches another's", () => {
    expect(listing(resources)).toEqual([
      "ssh-config: command:local:Command",
      "ssh-id_ed25519: command:local:Command",
      "ssh-manager1.host: command:local:Command",
      "ssh-manager2.host: command:local:Command",
      "ssh-worker1.host: command:local:Command",
      "ssh-worker2.host: command:local:Command",
    ]);
  });

  test("is short enough for a node of any name", async () => {
    const names = (await record(() => sshClient("config", "id"))).map(({ name }) => name);
    expect(names).toEqual([...new Set(names)]);
  });

  test("lists the files that a connection to a manager or another node needs", async () => {
    const names = (node: string) =>
      Promise.all(client.reaching(node).map(async ({ urn }) => (await valueOf(urn)).split("::").at(-1)));
    const managers = ["ssh-id_ed25519", "ssh-config", "ssh-manager1.host", "ssh-manager2.host"];
    expect(await names("manager2")).toEqual(managers);
    expect(await names("worker1")).toEqual([...managers, "ssh-worker1.host"]);
  });

  test("writes files that only their owner reads, whole or not at all, where the machine has its state", () => {
    const { inputs } = find(resources, "ssh-id_ed25519");
    expect(inputs).toMatchObject({
      create: expect.stringContaining("FILES=id_ed25519\n") as unknown,
      stdin: { secret: '{"id_ed25519":"login key"}' },
      logging: "none",
    });
    const home = mkdtempSync(join(tmpdir(), "ssh-files-"));
    const run = (script: unknown, input: string) => {
      execFileSync("sh", ["-c", script as string], {
        env: { PATH: process.env.PATH, HOME: home },
        input,
      });
    };
    const folder = join(home, ".local/state/swarm-farm/dev/ssh");
    const { inputs: common } = find(resources, "ssh-config");
    run(
      common.create,
      JSON.stringify({ config: "Include @DIR@/*.host\n", managers: "back\\slash %s\n\n", "manager-proxy": "" }),
    );
    expect(readFileSync(join(folder, "config"), "utf8")).toBe(`Include ${folder}/*.host\n`);
    expect(readFileSync(join(folder, "managers"), "utf8")).toBe("back\\slash %s\n\n");
    expect(statSync(join(folder, "config")).mode & 0o777).toBe(0o600);
    run(common.delete, "");
    expect(readdirSync(join(home, ".local/state/swarm-farm/dev"))).toEqual([]);
    rmSync(home, { recursive: true });
  });

  test("knows each node by its address and key alone", () => {
    expect(files("ssh-worker1.host")).toEqual({
      "worker1.known": "10.77.0.21,any.manager host key\n",
      "worker1.host": "Host worker1 10.77.0.21\n  HostName 10.77.0.21\n  UserKnownHostsFile @DIR@/worker1.known\n",
    });
    expect(files("ssh-config").config).toContain("StrictHostKeyChecking yes");
  });

  test("has a name for any manager, whose key is one of theirs", () => {
    expect(files("ssh-config").config).toContain(
      [
        "Host any.manager any.manager.but.*",
        "  HostKeyAlias any.manager",
        "  UserKnownHostsFile @DIR@/manager1.known @DIR@/manager2.known",
        "  ProxyCommand sh @DIR@/manager-proxy %n",
        "  ControlPath none",
      ].join("\n"),
    );
  });

  test.each([
    [
      "short",
      "/home/maria/.local/state/swarm-farm/production/ssh",
      "/home/maria/.local/state/swarm-farm/production/ssh/10.77.0.21",
    ],
    ["of 74 bytes", "/f".padEnd(74, "f"), `${"/f".padEnd(74, "f")}/10.77.0.21`],
    ["too long for a socket", "/f".padEnd(75, "f"), undefined],
  ])("shares connections where the folder is %s", (_name, folder, socket) => {
    const home = mkdtempSync(join(tmpdir(), "ssh-files-"));
    try {
      const config = join(home, "config");
      const hosts = files("ssh-worker1.host")["worker1.host"] ?? "";
      const text = (files("ssh-config").config ?? "").replace("Include @DIR@/*.host", hosts);
      writeFileSync(config, text.replaceAll("@DIR@", folder));
      const settings = execFileSync("ssh", ["-F", config, "-G", "worker1"], { encoding: "utf8" });
      expect(/^controlpath (.*)$/m.exec(settings)?.[1]).toBe(socket);
      // The longest path: an address of 15 bytes, and the suffix of ssh while it makes the socket.
      const longest = `${folder}/255.255.255.255.0123456789abcdef`;
      expect(longest.length <= 107).toBe(socket !== undefined);
    } finally {
      rmSync(home, { recursive: true });
    }
  });

  test("has an ssh command that works on any machine", () => {
    expect(client.call("worker1")).toBe(
      'ssh -F "${XDG_STATE_HOME:-$HOME/.local/state}/swarm-farm/dev/ssh"/config -o ControlMaster=no -o ControlPath=none worker1',
    );
  });

  test("gives the same files as data, the key among them secret", async () => {
    expect(Object.keys(client.files).sort()).toEqual([
      "config",
      "id_ed25519",
      "manager-proxy",
      "manager1.host",
      "manager1.known",
      "manager2.host",
      "manager2.known",
      "managers",
      "worker1.host",
      "worker1.known",
      "worker2.host",
      "worker2.known",
    ]);
    const key = pulumi.output(client.files.id_ed25519);
    expect([await valueOf(key), await pulumi.isSecret(key)]).toEqual(["login key", true]);
    expect(client.configFile).toBe("/state/dev/ssh/config");
  });
});
