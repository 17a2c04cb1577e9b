import * as pulumi from "@pulumi/pulumi";
import { remoteCommand } from "../../infra/remote/command";
import { SshClient } from "../../infra/remote/ssh-files";
import { find, listing, record, valueOf, type Registered } from "../support/mocks";
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

describe("SshClient", () => {
  let client: SshClient;
  let resources: Registered[];

  beforeAll(async () => {
    resources = await record(() => {
      client = new SshClient("ssh", {
        folder: "/state/ssh",
        privateKey: pulumi.secret("login key"),
        nodes: { worker1: access() },
      });
    });
  });

  test("is one file each, so that a node touches no other's", () => {
    expect(listing(resources)).toEqual([
      "ssh > ssh-config: command:local:Command",
      "ssh > ssh-id_ed25519: command:local:Command",
      "ssh > ssh-worker1.host: command:local:Command",
      "ssh > ssh-worker1.known: command:local:Command",
      "ssh: swarm-farm:remote:SshClient",
    ]);
  });

  test("writes files that only their owner reads, whole or not at all", () => {
    const { inputs } = find(resources, "ssh-id_ed25519");
    expect(inputs).toMatchObject({
      environment: { FILE: "/state/ssh/id_ed25519" },
      stdin: { secret: "login key" },
      logging: "none",
    });
    expect(inputs.create).toMatch(/umask 077.*mv "\$FILE.new" "\$FILE"$/);
    expect(inputs.delete).toContain('rm -f "$FILE"');
  });

  test("knows each node by its address and key alone", () => {
    expect(find(resources, "ssh-worker1.known").inputs.stdin).toBe("10.77.0.21 host key\n");
    expect(find(resources, "ssh-worker1.host").inputs.stdin).toBe(
      "Host worker1 10.77.0.21\n  HostName 10.77.0.21\n  UserKnownHostsFile /state/ssh/worker1.known\n",
    );
    expect(find(resources, "ssh-config").inputs.stdin).toContain("StrictHostKeyChecking yes");
  });

  test("gives the same files as data, the key among them secret", async () => {
    expect(Object.keys(client.files).sort()).toEqual(["config", "id_ed25519", "worker1.host", "worker1.known"]);
    const key = pulumi.output(client.files.id_ed25519);
    expect([await valueOf(key), await pulumi.isSecret(key)]).toEqual(["login key", true]);
    expect(client.configFile).toBe("/state/ssh/config");
  });
});
