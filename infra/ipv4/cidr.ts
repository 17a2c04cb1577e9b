/** An IPv4 network: its first address as a number, and how many bits of it are fixed. */
export interface Network {
  readonly base: number;
  readonly prefix: number;
}

/** The number of addresses of a network, including its own and the broadcast address. */
export function size(network: Network): number {
  return 2 ** (32 - network.prefix);
}

/** Parses `10.77.0.21`; undefined when it is not an IPv4 address. */
export function parseAddress(text: string): number | undefined {
  const match = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/.exec(text);
  if (!match) return undefined;
  const bytes = match.slice(1).map(Number);
  // Refused: a leading zero is octal to some programs and decimal to others.
  if (bytes.some((byte, i) => byte > 255 || match[i + 1] !== String(byte))) return undefined;
  return bytes.reduce((sum, byte) => sum * 256 + byte, 0);
}

/** Formats an address as four decimal numbers. */
export function formatAddress(address: number): string {
  return [24, 16, 8, 0].map((shift) => (address >>> shift) & 0xff).join(".");
}

/** Parses `10.77.0.0/24`; undefined when it is not a network or has host bits set. */
export function parseCidr(text: string): Network | undefined {
  const [address = "", prefixText = "", ...rest] = text.split("/");
  const base = parseAddress(address);
  if (base === undefined || rest.length > 0 || !/^([0-9]|[12]\d|3[0-2])$/.test(prefixText)) return undefined;
  const network = { base, prefix: Number(prefixText) };
  return base % size(network) === 0 ? network : undefined;
}

/** Whether an address lies in a network. */
export function contains(network: Network, address: number): boolean {
  return address >= network.base && address < network.base + size(network);
}

/** Whether two networks share an address. */
export function overlaps(a: Network, b: Network): boolean {
  return contains(a, b.base) || contains(b, a.base);
}

/** The address at an offset from the network's first: 1 is the usual gateway. */
export function nthAddress(network: Network, offset: number): string {
  return formatAddress(network.base + offset);
}
