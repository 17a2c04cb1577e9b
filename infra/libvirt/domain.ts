import { createHash } from "node:crypto";

/**
 * Settings of a domain that the libvirt provider has no arguments for, as the XSLT that it applies to its XML.
 *
 * - No graphics and no guest agent: nothing uses them, and Debian's QEMU lacks the provider's default, SPICE.
 * - The serial console is logged to a file, which explains a boot that fails.
 * - The host's CPU under KVM. Under emulation the oldest CPU with all of x86-64-v2, which images of recent enterprise
 *   distributions need and QEMU's default lacks, with AES, which makes TLS five times as fast.
 * - The firmware writes to that console too where it has to find a boot device: it may find none.
 * - No network boot ROM: its prompt alone costs seconds of every boot.
 */
export function domainXslt(consoleLog: string, bootsFromDisk: boolean): string {
  const firmware = `
  <xsl:template match="os"><xsl:copy><xsl:apply-templates select="node()|@*"/><bios useserial="yes"/></xsl:copy></xsl:template>`;
  return `<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform">
  <xsl:output omit-xml-declaration="yes" indent="yes"/>
  <xsl:template match="node()|@*"><xsl:copy><xsl:apply-templates select="node()|@*"/></xsl:copy></xsl:template>
  <xsl:template match="graphics|video|channel"/>${bootsFromDisk ? firmware : ""}
  <xsl:template match="console">
    <serial type="pty"><log file="${consoleLog}" append="off"/><target port="0"/></serial>
    <console type="pty"><log file="${consoleLog}" append="off"/><target type="serial" port="0"/></console>
  </xsl:template>
  <xsl:template match="domain[@type='kvm']/cpu"><cpu mode="host-passthrough"/></xsl:template>
  <xsl:template match="domain[@type='qemu']/cpu">
    <cpu mode="custom" match="exact" check="none">
      <model fallback="forbid">Nehalem</model>
      <feature policy="require" name="aes"/>
      <feature policy="require" name="pclmuldq"/>
    </cpu>
  </xsl:template>
  <xsl:template match="interface"><xsl:copy><xsl:apply-templates select="node()|@*"/><rom enabled="no"/></xsl:copy></xsl:template>
</xsl:stylesheet>`;
}

/**
 * A kernel command line in the form that the provider reads back, so that a refresh shows no change: maps of `key=value`
 * words in order, a further map where a key repeats, and the words without a value joined under `_`.
 */
export function cmdlines(text: string): Record<string, string>[] {
  const words = text.split(/\s+/).filter(Boolean).sort();
  const flags = words.filter((word) => !word.includes("="));
  const maps: Record<string, string>[] = [];
  for (const word of words.filter((pair) => pair.includes("="))) {
    const [key = "", ...value] = word.split("=");
    const last = maps.at(-1);
    if (last && !(key in last)) last[key] = value.join("=");
    else maps.push({ [key]: value.join("=") });
  }
  return [...maps, ...(flags.length > 0 ? [{ _: flags.join(" ") }] : [])];
}

/** The folder of consoles on each hypervisor. */
export const consoleFolder = "/var/log/libvirt/qemu";

/** The file of a domain's console on its hypervisor. */
export function consoleLogOf(domain: string): string {
  return `${consoleFolder}/${domain}.console.log`;
}

/** The name of a farm's pool and network in libvirt. */
export function poolName(farm: string): string {
  return `swarm-farm-${farm}`;
}

/** The folder of a farm's pool on each hypervisor. */
export function poolPath(farm: string): string {
  return `/var/lib/libvirt/${poolName(farm)}`;
}

/** The name of the volume for one file of a guest image; the key has the hash of its content. */
export function imageVolume(key: string, ending: "qcow2" | "vmlinuz" | "initrd"): string {
  return `guest-${key}.${ending}`;
}

/** Matches a volume of a version of the farm's own image, from any recipe: a farm keeps the image that it has. */
export function anyRecipe(key: string): RegExp {
  return new RegExp(`^guest-[0-9a-f]{16}${key.slice(16).replaceAll(".", "\\.")}\\.vmlinuz$`);
}

/** The longest name of a network interface that Linux takes. */
const maxInterfaceName = 15;

/** The name of a farm's bridge: readable where it fits, else shortened, with a digest that keeps long names apart. */
export function bridgeName(farm: string): string {
  const name = `sf-${farm}`;
  if (name.length <= maxInterfaceName) return name;
  const mark = createHash("sha256").update(farm).digest("hex").slice(0, 6);
  return `${name.slice(0, maxInterfaceName - mark.length - 1)}-${mark}`;
}
