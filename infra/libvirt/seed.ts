import { createHash } from "node:crypto";
import { script, shellQuote } from "../remote/shell";
import type { NetworkPlan, NodePlan } from "../net/plan";

/** A node's settings for its first boot. */
export interface Seed {
  readonly node: Pick<NodePlan, "name" | "address" | "mac" | "storageDriver">;
  readonly network: NetworkPlan;
  /** The node's own ssh identity: secret. */
  readonly hostPrivateKey: string;
  readonly hostPublicKey: string;
  /** Its private half logs in as root. */
  readonly authorizedKey: string;
}

/** The three files of a NoCloud seed disk, for the farm's image and any image with cloud-init. */
export interface SeedFiles {
  readonly userData: string;
  readonly metaData: string;
  readonly networkConfig: string;
}

/** The seed of a node for the farm's own image, whose user-data is a plain script, or for cloud-init. */
export function seedFiles(kind: "farm" | "cloud", seed: Seed): SeedFiles {
  const userData = kind === "farm" ? seedScript(seed) : cloudConfig(seed);
  const networkConfig = `${JSON.stringify(netplan(seed))}\n`;
  return {
    userData,
    // The image runs a seed once for each instance id.
    metaData: `instance-id: ${seed.node.name}-${fingerprint(userData + networkConfig)}\nlocal-hostname: ${seed.node.name}\n`,
    networkConfig,
  };
}

function fingerprint(text: string): string {
  return createHash("sha256").update(text).digest("hex").slice(0, 12);
}

/**
 * The commands that write the files. They are here and not in scripts/, since any change of this text replaces every VM.
 */
function seedScript({ node, network, ...keys }: Seed): string {
  const environment = [
    `MAC=${node.mac}`,
    `ADDRESS=${node.address}/${String(network.prefix)}`,
    `GATEWAY=${network.gateway}`,
    `DNS=${network.gateway}`,
  ];
  return `#!/bin/sh\n${script(
    "umask 077",
    "mkdir -p /root/.ssh /etc/swarm-farm",
    writeFile("/etc/ssh/ssh_host_ed25519_key", keys.hostPrivateKey),
    writeFile("/root/.ssh/authorized_keys", `${keys.authorizedKey}\n`),
    "umask 022",
    writeFile("/etc/ssh/ssh_host_ed25519_key.pub", `${keys.hostPublicKey}\n`),
    writeFile("/etc/swarm-farm/network.env", `${environment.join("\n")}\n`),
    writeFile("/etc/hosts", `127.0.0.1 localhost\n${node.address} ${node.name}\n`),
    writeFile("/etc/hostname", `${node.name}\n`),
    ...(node.storageDriver === "btrfs" ? btrfs : []),
    "hostname -F /etc/hostname",
  )}\n`;
}

/** The image mounts a separate disk for Docker if this file exists; daemon.json sets the driver. */
const btrfs = [
  writeFile("/etc/swarm-farm/data-disk", "btrfs\n"),
  `sed -i 's/"storage-driver": *"[^"]*"/"storage-driver": "btrfs"/' /etc/docker/daemon.json`,
];

function writeFile(path: string, content: string): string {
  return `printf %s ${shellQuote(content)} >${path}`;
}

/** As JSON, which is YAML too: none of YAML's quoting rules apply. */
function cloudConfig({ node, ...keys }: Seed): string {
  return `#cloud-config\n${JSON.stringify(
    {
      hostname: node.name,
      disable_root: false,
      ssh_deletekeys: true,
      ssh_keys: { ed25519_private: keys.hostPrivateKey, ed25519_public: keys.hostPublicKey },
      users: [{ name: "root", ssh_authorized_keys: [keys.authorizedKey] }],
      // Debian's and Ubuntu's package. An image that has Docker needs no network.
      runcmd: [["sh", "-c", "command -v dockerd || { apt-get -q update && apt-get -q install -y docker.io; }"]],
    },
    undefined,
    2,
  )}\n`;
}

function netplan({ node, network }: Seed): object {
  return {
    version: 2,
    ethernets: {
      farm: {
        match: { macaddress: node.mac },
        addresses: [`${node.address}/${String(network.prefix)}`],
        routes: [{ to: "default", via: network.gateway }],
        nameservers: { addresses: [network.gateway] },
      },
    },
  };
}
