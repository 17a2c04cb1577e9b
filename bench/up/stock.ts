import { basename, join } from "node:path";
import { z } from "zod";
import { parseUrn } from "../../cli/preview/urn";
import type { Resource } from "../exported";
import { sshTo, type Recorded } from "./steps";

/** A farm that was recorded, as its script needs it. */
export interface Farm {
  readonly resources: readonly Resource[];
  readonly recorded: Recorded;
}

/** A stock image in place of the farm's. */
export interface StockImage {
  /** The folder that bench/guest-boot/stock.sh built. */
  readonly folder: string;
  /** Its kernel's command line. */
  readonly cmdline: string;
  /** The folder of the seeds for cloud-init. */
  readonly seeds: string;
}

/** Port of the packages' web server on the gateway of the VMs. */
export const mirrorPort = 8078;

/** The same farm on a stock image: its disk and kernel, its command line, and seeds for cloud-init. */
export function onStock({ resources, recorded }: Farm, { folder, cmdline, seeds }: StockImage): Farm {
  const stock = (resource: Resource): Resource => {
    const { source, create } = resource.inputs;
    const node = /^(.+)-power$/.exec(parseUrn(resource.urn).name)?.[1];
    if (node !== undefined && typeof create === "string") {
      return withInput(resource, "create", installed(recorded, node) + create);
    }
    if (resource.type !== "libvirt:index/volume:Volume" || typeof source !== "string") return resource;
    // Both images have the same names for their files.
    return withInput(resource, "source", join(folder, basename(source)));
  };
  const booted = [...recorded.xml].map(([urn, xml]) => [urn, withCmdline(xml, cmdline)] as const);
  return { resources: resources.map(stock), recorded: { ...recorded, seeds, xml: new Map(booted) } };
}

const withInput = (resource: Resource, name: string, value: string): Resource => ({
  ...resource,
  inputs: { ...resource.inputs, [name]: value },
});

/**
 * Waits on the node until Docker is installed, or cloud-init has ended without it. The farm's own wait, which follows, starts curl
 * twice a second: for as long as an installation takes, that would cost it much of an emulated CPU.
 */
function installed(recorded: Recorded, node: string): string {
  const onNode = "until [ -S /run/docker.sock ] || [ -e /var/lib/cloud/instance/boot-finished ]; do sleep 2; done";
  return `until ${sshTo(recorded, node)} -o ConnectTimeout=10 '${onNode}' </dev/null 2>/dev/null; do sleep 2; done\n`;
}

const withCmdline = (xml: string, cmdline: string) =>
  xml.replace(/(<cmdline>).*(<\/cmdline>)/, (_, begin: string, end: string) => `${begin}${cmdline}${end}`);

/** The files of a seed for cloud-init, by their names. */
export interface StockSeed {
  /** File name of its ISO image. */
  readonly name: string;
  readonly files: Readonly<Record<"user-data" | "meta-data" | "network-config", string>>;
}

/** Seeds with the identities and addresses of the farm's own; cloud-init installs Docker. */
export function stockSeeds(resources: readonly Resource[]): readonly StockSeed[] {
  const login = keyPair(resources, "login").publicKey;
  const dockerGroup = dockerGroupOf(resources);
  return resources
    .filter(({ type }) => type === "libvirt:index/cloudinitDisk:CloudinitDisk")
    .map(({ urn, inputs }) => {
      const { name, metaData, networkConfig } = Seed.parse(inputs);
      const node = parseUrn(urn).name.replace(/-seed$/, "");
      const hostKey = keyPair(resources, `${node}-hostkey`);
      const config = cloudConfig({ node, hostKey, login, dockerGroup, gateway: gatewayOf(networkConfig) });
      const userData = `#cloud-config\n${JSON.stringify(config, undefined, 2)}\n`;
      return { name, files: { "user-data": userData, "meta-data": metaData, "network-config": networkConfig } };
    });
}

const Seed = z.object({ name: z.string(), metaData: z.string(), networkConfig: z.string() });

const Pair = z.object({ privateKey: z.string(), publicKey: z.string() });

function keyPair(resources: readonly Resource[], name: string): z.infer<typeof Pair> {
  const found = resources.find(({ urn }) => parseUrn(urn).name === `${name}-ed25519`);
  if (found === undefined) throw new Error(`the farm's state has no key pair '${name}-ed25519'`);
  return Pair.parse(JSON.parse(z.string().parse(found.outputs.stdout)));
}

/** The number of Docker's group on the recorded farm, if a service of it uses Docker's socket. */
function dockerGroupOf(resources: readonly Resource[]): string | undefined {
  const found = resources.find(({ urn }) => parseUrn(urn).name.endsWith("-socket-group"));
  return found === undefined ? undefined : z.string().parse(found.outputs.stdout).trim();
}

const Netplan = z.object({
  ethernets: z.object({ farm: z.object({ routes: z.tuple([z.object({ via: z.string() })]) }) }),
});

function gatewayOf(networkConfig: string): string {
  return Netplan.parse(JSON.parse(networkConfig)).ethernets.farm.routes[0].via;
}

interface Login {
  readonly node: string;
  readonly hostKey: z.infer<typeof Pair>;
  readonly login: string;
  readonly dockerGroup: string | undefined;
  readonly gateway: string;
}

/** As the guides for Docker on a cloud image have it, with a mirror of packages beside the VMs. */
function cloudConfig({ node, hostKey, login, dockerGroup, gateway }: Login): object {
  const mirror = `http://${gateway}:${String(mirrorPort)}`;
  return {
    hostname: node,
    disable_root: false,
    ssh_keys: { ed25519_private: hostKey.privateKey, ed25519_public: hostKey.publicKey },
    users: [{ name: "root", ssh_authorized_keys: [login] }],
    // The steps open more sessions at once than OpenSSH's defaults let in; the farm's image has the same two lines.
    write_files: [{ path: "/etc/ssh/sshd_config.d/steps.conf", content: "MaxStartups 100:30:200\nMaxSessions 100\n" }],
    apt: {
      // Debian's cloud.cfg keeps what the image has.
      preserve_sources_list: false,
      sources_list: [
        `deb ${mirror}/debian $RELEASE main\n`,
        `deb ${mirror}/debian $RELEASE-updates main\n`,
        `deb ${mirror}/debian-security $RELEASE-security main\n`,
      ].join(""),
      // The lists of a mirror's copy may be older than they allow.
      conf: 'Acquire::Check-Valid-Until "false";\nAcquire::Check-Date "false";\n',
    },
    // The recorded services have the group's number of the farm's image, and the package keeps a group that is there.
    bootcmd:
      dockerGroup === undefined ? [] : [["groupadd", "--system", "--non-unique", "--gid", dockerGroup, "docker"]],
    package_update: true,
    packages: ["docker.io"],
  };
}
