import * as pulumi from "@pulumi/pulumi";
import { planFarm } from "../../infra/net/plan";
import { parseConfig } from "../../stacks/config";
import { Farm } from "../../infra/libvirt/farm";
import { withNames } from "../support/configs";
import { listing, record, valueOf, type Registered } from "../support/mocks";
import { farmOf, folders, imagesOf } from "../support/samples";

describe("a farm of two", () => {
  let farm: Farm;
  let resources: Registered[];

  beforeAll(async () => {
    resources = await record(() => {
      farm = farmOf(withNames("worker1", "manager1"));
    });
  });

  test("is its host, a login, and for each node a VM with an identity", () => {
    expect(listing(resources.filter(({ parent }) => parent === "farm" || parent === ""))).toEqual([
      "farm > local: swarm-farm:libvirt:LibvirtHost",
      "farm > login-ed25519: command:local:Command",
      "farm > manager1-hostkey-ed25519: command:local:Command",
      "farm > manager1: swarm-farm:libvirt:Vm",
      "farm > ssh-config: command:local:Command",
      "farm > ssh-id_ed25519: command:local:Command",
      "farm > ssh-manager1.host: command:local:Command",
      "farm > ssh-worker1.host: command:local:Command",
      "farm > worker1-hostkey-ed25519: command:local:Command",
      "farm > worker1: swarm-farm:libvirt:Vm",
      "farm: swarm-farm:libvirt:Farm",
    ]);
  });

  test("has its nodes in the plan's order, each with its own host key and the one login", async () => {
    expect(farm.nodes.map(({ plan }) => plan.name)).toEqual(["manager1", "worker1"]);
    const keys = farm.nodes.map(async ({ access }) => [
      access.address,
      await valueOf(access.hostKey),
      await valueOf(access.privateKey),
    ]);
    expect(await Promise.all(keys)).toEqual([
      ["10.77.0.11", "public half of manager1-hostkey-ed25519", "private half of login-ed25519"],
      ["10.77.0.21", "public half of worker1-hostkey-ed25519", "private half of login-ed25519"],
    ]);
    expect(await Promise.all(farm.nodes.map(({ access }) => pulumi.isSecret(access.privateKey)))).toEqual([true, true]);
  });

  test("writes no private key anywhere in the clear", () => {
    const clear = JSON.stringify(resources, (_, value: unknown) =>
      typeof value === "object" && value !== null && "secret" in value ? "(secret)" : value,
    );
    expect(clear).not.toContain("private half");
    expect(JSON.stringify(resources)).toContain("private half");
  });

  test("keeps its ssh files in its state", () => {
    expect(farm.ssh.configFile).toBe("/state/ssh/config");
    expect(Object.keys(farm.ssh.files).sort()).toEqual(
      [
        "config",
        "id_ed25519",
        "manager-proxy",
        "managers",
        "manager1.host",
        "manager1.known",
        "worker1.host",
        "worker1.known",
      ].sort(),
    );
  });
});

test("a plan that names no host of its own is refused", async () => {
  const plan = { ...planFarm(parseConfig(withNames("manager1")), "dev"), hosts: {} };
  await record(() => {
    expect(() => new Farm("farm", { plan, images: imagesOf(plan), folders })).toThrow(
      "node 'manager1' is planned on 'local', which is not a host of the plan",
    );
  });
});
