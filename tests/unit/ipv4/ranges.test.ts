import fc from "fast-check";
import { contains, parseCidr, type Network } from "../../../infra/ipv4/cidr";
import { whyNoFarmNetwork } from "../../../infra/ipv4/ranges";
import { network } from "../../support/arbitraries";

function parsed(text: string): Network {
  const result = parseCidr(text);
  if (!result) throw new Error(`'${text}' is no network`);
  return result;
}

test.each(["10.0.0.0/8", "10.77.0.0/24", "172.16.0.0/12", "172.31.255.0/24", "192.168.122.0/24"])(
  "%s is private: accepted",
  (cidr) => {
    expect(whyNoFarmNetwork(parsed(cidr), false)).toBeUndefined();
  },
);

test.each([
  ["0.0.0.0/8", "0.0.0.0/8"],
  ["127.0.0.0/24", "127.0.0.0/8"],
  ["112.0.0.0/4", "127.0.0.0/8"],
  ["169.254.7.0/24", "169.254.0.0/16"],
  ["239.1.0.0/16", "224.0.0.0/4"],
  ["255.255.255.0/24", "240.0.0.0/4"],
])("%s overlaps %s: refused, however much the person insists", (cidr, range) => {
  for (const allowPublic of [false, true])
    expect(whyNoFarmNetwork(parsed(cidr), allowPublic)).toMatch(`overlaps ${range}, which is `);
});

test.each([
  ["100.64.0.0/24", "overlaps 100.64.0.0/10"],
  ["192.0.0.0/24", "overlaps 192.0.0.0/24"],
  ["192.0.2.0/24", "overlaps 192.0.2.0/24"],
  ["198.19.0.0/16", "overlaps 198.18.0.0/15"],
  ["203.0.113.0/24", "overlaps 203.0.113.0/24"],
  ["1.1.1.0/24", "is public"],
  ["172.0.0.0/8", "is public"],
  ["192.168.0.0/15", "is public"],
])("%s %s: refused, unless the person insists", (cidr, why) => {
  expect(whyNoFarmNetwork(parsed(cidr), false)).toMatch(why);
  expect(whyNoFarmNetwork(parsed(cidr), true)).toBeUndefined();
});

test("no accepted network has a loopback, link-local or multicast address", () => {
  const bad = ["127.0.0.1", "169.254.1.1", "224.0.0.1", "255.255.255.255"].map(
    (address) => parsed(`${address}/32`).base,
  );
  fc.assert(
    fc.property(network, fc.boolean(), (any, allowPublic) => {
      if (whyNoFarmNetwork(any, allowPublic) === undefined)
        expect(bad.filter((address) => contains(any, address))).toEqual([]);
    }),
  );
});
