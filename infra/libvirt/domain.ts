/**
 * What the libvirt provider cannot say of a domain, as the XSLT it applies to its own XML.
 *
 * - No screen and no guest agent: nothing uses them, and Debian's QEMU lacks the provider's default, SPICE.
 * - The serial console goes to a log file as well, so that a node that does not come up can be read.
 * - The host's own CPU under KVM; without it QEMU's default, the cheapest to emulate.
 * - No network boot ROM: its prompt alone costs seconds of every boot.
 */
export function domainXslt(consoleLog: string): string {
  return `<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform">
  <xsl:output omit-xml-declaration="yes" indent="yes"/>
  <xsl:template match="node()|@*"><xsl:copy><xsl:apply-templates select="node()|@*"/></xsl:copy></xsl:template>
  <xsl:template match="graphics|video|channel"/>
  <xsl:template match="console">
    <serial type="pty"><log file="${consoleLog}" append="off"/><target port="0"/></serial>
    <console type="pty"><log file="${consoleLog}" append="off"/><target type="serial" port="0"/></console>
  </xsl:template>
  <xsl:template match="domain[@type='kvm']/cpu"><cpu mode="host-passthrough"/></xsl:template>
  <xsl:template match="interface"><xsl:copy><xsl:apply-templates select="node()|@*"/><rom enabled="no"/></xsl:copy></xsl:template>
</xsl:stylesheet>`;
}

/**
 * A kernel command line in the form the provider reads back, so that a refresh sees no change: one map of all
 * `key=value` words, and the others joined, sorted, under `_`.
 */
export function cmdlines(text: string): Record<string, string>[] {
  const words = text.split(/\s+/).filter(Boolean).sort();
  const pairs = words.filter((word) => word.includes("="));
  const flags = words.filter((word) => !word.includes("="));
  const map = Object.fromEntries(pairs.map((word): [string, string] => [word.slice(0, word.indexOf("=")), word.slice(word.indexOf("=") + 1)]));
  return [...(pairs.length > 0 ? [map] : []), ...(flags.length > 0 ? [{ _: flags.join(" ") }] : [])];
}

/** The longest name of a network interface that Linux takes. */
const maxInterfaceName = 15;

/** The name of a farm's bridge: readable where it fits, else shortened. */
export function bridgeName(farm: string): string {
  const name = `sf-${farm}`;
  return name.length <= maxInterfaceName ? name : name.slice(0, maxInterfaceName);
}
