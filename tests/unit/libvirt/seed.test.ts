import fc from "fast-check";
import { load } from "js-yaml";
import { seedFiles, type Seed } from "../../../infra/libvirt/seed";
import { shellSyntax } from "../../support/arbitraries";
import { outsideQuotes, syntaxError } from "../../support/sh";

const seed: Seed = {
  node: { name: "worker1", address: "10.77.0.21", mac: "52:54:00:4d:00:15", storageDriver: "overlay2" },
  network: { cidr: "10.77.0.0/24", prefix: 24, gateway: "10.77.0.1" },
  hostPrivateKey: "-----BEGIN OPENSSH PRIVATE KEY-----\nhost's secret\n-----END OPENSSH PRIVATE KEY-----\n",
  hostPublicKey: "ssh-ed25519 AAAAhost worker1",
  authorizedKey: "ssh-ed25519 AAAAlogin swarm-farm dev",
};

const kinds = ["farm", "cloud"] as const;

function instanceId(kind: (typeof kinds)[number], of: Seed): string | undefined {
  return /^instance-id: (\S+)$/m.exec(seedFiles(kind, of).metaData)?.[1];
}

/** Everything of a seed that can differ, each in a seed of its own. */
const others: [what: string, other: Seed][] = [
  ["name", { ...seed, node: { ...seed.node, name: "worker2" } }],
  ["address", { ...seed, node: { ...seed.node, address: "10.77.0.22" } }],
  ["MAC", { ...seed, node: { ...seed.node, mac: "52:54:00:4d:00:16" } }],
  ["prefix", { ...seed, network: { ...seed.network, prefix: 16 } }],
  ["gateway", { ...seed, network: { ...seed.network, gateway: "10.77.0.2" } }],
  ["host key", { ...seed, hostPrivateKey: "another" }],
  ["public host key", { ...seed, hostPublicKey: "another" }],
  ["login key", { ...seed, authorizedKey: "another" }],
];

describe.each(kinds)("the %s image's seed", (kind) => {
  test("names the node, and an instance of its content", () => {
    expect(seedFiles(kind, seed).metaData).toMatch(/^instance-id: worker1-[0-9a-f]{12}\nlocal-hostname: worker1\n$/);
    expect(instanceId(kind, { ...seed })).toBe(instanceId(kind, seed));
  });

  test.each(others)("is another instance with another %s", (_, other) => {
    expect(instanceId(kind, other)).not.toBe(instanceId(kind, seed));
  });

  test("has the network in netplan's form, as YAML", () => {
    expect(load(seedFiles(kind, seed).networkConfig)).toEqual({
      version: 2,
      ethernets: {
        farm: {
          match: { macaddress: "52:54:00:4d:00:15" },
          addresses: ["10.77.0.21/24"],
          routes: [{ to: "default", via: "10.77.0.1" }],
          nameservers: { addresses: ["10.77.0.1"] },
        },
      },
    });
  });
});

describe("the farm image's user-data", () => {
  const { userData } = seedFiles("farm", seed);

  test("is a shell script that writes the node's files, the secret ones before others may read", () => {
    expect(syntaxError(userData)).toBe("");
    const written = [...userData.matchAll(/(?:^umask (\d+)$)|(?:>(\/\S+)$)/gm)].map(([, mask, file]) => mask ?? file);
    expect(written).toEqual([
      "077",
      "/etc/ssh/ssh_host_ed25519_key",
      "/root/.ssh/authorized_keys",
      "022",
      "/etc/ssh/ssh_host_ed25519_key.pub",
      "/etc/swarm-farm/network.env",
      "/etc/hosts",
      "/etc/hostname",
    ]);
  });

  test("says the network as the image reads it", () => {
    expect(userData).toContain("'MAC=52:54:00:4d:00:15\nADDRESS=10.77.0.21/24\nGATEWAY=10.77.0.1\nDNS=10.77.0.1\n'");
  });

  test("shows the shell nothing of its values, whatever they hold", () => {
    const bare = outsideQuotes(userData);
    fc.assert(
      fc.property(shellSyntax, (nasty) => {
        const keys = { hostPrivateKey: ` ${nasty}`, hostPublicKey: ` ${nasty}`, authorizedKey: ` ${nasty}` };
        expect(outsideQuotes(seedFiles("farm", { ...seed, ...keys }).userData)).toBe(bare);
      }),
    );
    expect(bare).not.toMatch(/secret|AAAA|10\.77/);
  });
});

test("the cloud image's user-data is cloud-config", () => {
  const { userData } = seedFiles("cloud", seed);
  expect(userData.split("\n")[0]).toBe("#cloud-config");
  expect(load(userData)).toEqual({
    hostname: "worker1",
    disable_root: false,
    ssh_deletekeys: true,
    ssh_keys: { ed25519_private: seed.hostPrivateKey, ed25519_public: seed.hostPublicKey },
    users: [{ name: "root", ssh_authorized_keys: [seed.authorizedKey] }],
    runcmd: [["sh", "-c", expect.stringContaining("docker.io")]],
  });
});
