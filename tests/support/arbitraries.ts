import fc from "fast-check";
import { formatAddress, parseCidr, size, type Network } from "../../infra/ipv4/cidr";

/** All that means something to a shell, and a few letters. */
export const shellCharacters = Array.from("'\"\\$`!*?[]{}()<>|&;#~=% \t\n-aA0");

/** Texts of those. */
export const shellSyntax = fc.string({ unit: fc.constantFrom(...shellCharacters) });

/** Any IPv4 address as a number. */
export const addressNumber = fc.nat({ max: 2 ** 32 - 1 });

/** Any network with its host bits zero. */
export const network: fc.Arbitrary<Network> = fc
  .tuple(addressNumber, fc.integer({ min: 0, max: 32 }))
  .map(([address, prefix]) => ({ base: address - (address % 2 ** (32 - prefix)), prefix }));

/** How a network is written. */
export function written({ base, prefix }: Network): string {
  return `${formatAddress(base)}/${prefix}`;
}

/** An address that a node may well have in a network: anywhere, or such that only its first byte tells it from others. */
function addressIn(cidr: string): fc.Arbitrary<string> {
  const { base, prefix } = parseCidr(cidr) ?? { base: 0, prefix: 32 };
  const anywhere = fc.nat({ max: size({ base, prefix }) - 1 });
  const alike = fc.nat({ max: 3 }).map((byte) => (byte * 2 ** 24 + 99) % size({ base, prefix }));
  return fc.oneof(anywhere, alike).map((offset) => formatAddress(base + offset));
}

const labels = fc.dictionary(fc.stringMatching(/^[a-z]{1,5}$/), fc.oneof(fc.string(), fc.boolean(), fc.integer()), {
  maxKeys: 3,
});

/** Node names of every kind: with numbers, without, the same number twice. */
const nodeName = fc.oneof(
  fc.integer({ min: 1, max: 12 }).map((number) => `worker${number}`),
  fc.stringMatching(/^[a-z][a-z0-9-]{0,6}[a-z0-9]$/),
);

/** Configurations that are right as often as not, in networks of any size: both sides of every rule are met. */
export const plausibleConfig: fc.Arbitrary<Record<string, unknown>> = fc
  .oneof(fc.constantFrom("10.77.0.0/24", "192.168.122.0/27", "64.0.0.0/4"), network.map(written))
  .chain((cidr) => {
    const node = fc.record(
      { role: fc.constant("worker"), address: addressIn(cidr), memoryMiB: fc.integer({ min: 500, max: 4096 }), labels },
      { requiredKeys: ["role"] },
    );
    const manager = fc.record({ role: fc.constant("manager"), address: addressIn(cidr) }, { requiredKeys: ["role"] });
    return fc.record({
      network: fc.boolean().map((allowPublic) => ({ cidr, allowPublic })),
      nodes: fc
        .tuple(fc.dictionary(nodeName, node, { maxKeys: 5 }), manager)
        .map(([workers, first]) => ({ ...workers, manager1: first })),
    });
  });
