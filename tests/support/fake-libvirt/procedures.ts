import { LibvirtError, firstOf, missing, Objects, reference, type Volume, volumeReference } from "./objects";
import { XdrWriter, type XdrReader } from "./xdr";

/** Answers a procedure: reads its arguments, and writes what it returns. */
export interface Procedure {
  readonly name: string;
  readonly answer: (args: XdrReader) => XdrWriter;
}

/** As much of a host's capabilities as the provider reads. */
const capabilities = `<capabilities><host><cpu><arch>x86_64</arch></cpu></host><guest><os_type>hvm</os_type>
<arch name="x86_64"><wordsize>64</wordsize><machine>pc</machine><domain type="qemu"/></arch></guest></capabilities>`;

/** A domain with the emulator that libvirt adds; without one the provider would replace it in the next update. */
function completed(xml: string): string {
  return xml.replace("<devices>", "<devices><emulator>/usr/bin/qemu-system-x86_64</emulator>");
}

/** Bytes of a volume: those that it was asked for, or the provider would replace the disk in the next update. */
function capacityOf({ xml }: Volume): number {
  return Number(firstOf(xml, "capacity"));
}

/** libvirt 9.0.0. */
const version = 9_000_000;

/** The size and the free space that a pool reports, in bytes. */
const poolBytes = 2 ** 40;

/** VIR_DOMAIN_RUNNING; the reason of a state is not read. */
const running = 1;

const nothing = () => new XdrWriter();
const yes = () => new XdrWriter().uint(1);
const text = (value: string) => new XdrWriter().text(value);

/** Numbers of the procedures that a stream of data follows. */
export const streams = { upload: 208, download: 209 } as const;

/**
 * The procedures of libvirt that the provider calls for a pool, volumes, a network, seeds and domains, by their numbers in
 * libvirt's src/remote/remote_protocol.x. Objects are only kept: a domain that is started does nothing.
 */
export function proceduresOf(): ReadonlyMap<number, Procedure> {
  const pools = new Objects("pool");
  const networks = new Objects("network");
  const domains = new Objects("domain");
  const volumes = new Map<string, Volume>();
  const volume = (key: string) => {
    const found = volumes.get(key);
    if (found) return found;
    throw new LibvirtError(missing.volume, `no volume '${key}'`);
  };
  const referredVolume = (args: XdrReader) => {
    args.text();
    args.text();
    return volume(args.text());
  };
  const keyIn = (args: XdrReader) => {
    const pool = pools.referred(args);
    args.fixed(16);
    return { pool, key: (name: string) => `${firstOf(pool.xml, "path")}/${name}` };
  };
  const domain = (args: XdrReader) => {
    const found = domains.referred(args);
    return reference(found).uint(1);
  };

  return new Map<number, Procedure>([
    [1, { name: "connect open", answer: nothing }],
    [2, { name: "connect close", answer: nothing }],
    [7, { name: "capabilities", answer: () => text(capabilities) }],
    [66, { name: "auth list", answer: () => new XdrWriter().uint(1).uint(0) }],
    [110, { name: "connect URI", answer: () => text("qemu:///system") }],
    [157, { name: "version", answer: () => new XdrWriter().ulong(version) }],

    [77, { name: "pool define", answer: (args) => reference(pools.define(args.text())) }],
    [78, { name: "pool create", answer: nothing }],
    [79, { name: "pool build", answer: nothing }],
    [83, { name: "pool refresh", answer: nothing }],
    [84, { name: "pool by name", answer: (args) => reference(pools.named(args.text())) }],
    [85, { name: "pool by UUID", answer: (args) => reference(pools.byUuid(args)) }],
    [86, { name: "pool by volume", answer: (args) => reference(pools.named(referredVolume(args).pool)) }],
    [87, { name: "pool info", answer: () => new XdrWriter().uint(2).ulong(poolBytes).ulong(0).ulong(poolBytes) }],
    [88, { name: "pool XML", answer: (args) => text(pools.referred(args).xml) }],
    [90, { name: "pool autostart", answer: nothing }],
    [154, { name: "pool is active", answer: yes }],

    [
      93,
      {
        name: "volume create",
        answer: (args) => {
          const { pool, key } = keyIn(args);
          const xml = args.text();
          const made = { pool: pool.name, name: firstOf(xml, "name"), key: key(firstOf(xml, "name")), xml };
          volumes.set(made.key, made);
          return volumeReference(made);
        },
      },
    ],
    [95, { name: "volume by name", answer: (args) => volumeReference(volume(keyIn(args).key(args.text()))) }],
    [96, { name: "volume by key", answer: (args) => volumeReference(volume(args.text())) }],
    [97, { name: "volume by path", answer: (args) => volumeReference(volume(args.text())) }],
    [
      98,
      {
        name: "volume info",
        answer: (args) =>
          new XdrWriter()
            .uint(0)
            .ulong(capacityOf(referredVolume(args)))
            .ulong(0),
      },
    ],
    [99, { name: "volume XML", answer: (args) => text(referredVolume(args).xml) }],
    [100, { name: "volume path", answer: (args) => text(referredVolume(args).key) }],
    [streams.upload, { name: "volume upload", answer: nothing }],
    [streams.download, { name: "volume download", answer: nothing }],

    [39, { name: "network create", answer: nothing }],
    [41, { name: "network define", answer: (args) => reference(networks.define(args.text())) }],
    [43, { name: "network XML", answer: (args) => text(networks.referred(args).xml) }],
    [44, { name: "network has autostart", answer: yes }],
    [46, { name: "network by name", answer: (args) => reference(networks.named(args.text())) }],
    [47, { name: "network by UUID", answer: (args) => reference(networks.byUuid(args)) }],
    [48, { name: "network autostart", answer: nothing }],
    [152, { name: "network is active", answer: yes }],

    [9, { name: "domain create", answer: nothing }],
    [11, { name: "domain define", answer: (args) => reference(domains.define(completed(args.text()))).uint(1) }],
    [14, { name: "domain XML", answer: (args) => text(domains.referred(args).xml) }],
    [15, { name: "domain has autostart", answer: yes }],
    [23, { name: "domain by name", answer: domain }],
    [24, { name: "domain by UUID", answer: (args) => reference(domains.byUuid(args)).uint(1) }],
    [29, { name: "domain autostart", answer: nothing }],
    [212, { name: "domain state", answer: () => new XdrWriter().uint(running).uint(0) }],
    [353, { name: "domain addresses", answer: () => new XdrWriter().uint(0) }],
  ]);
}
