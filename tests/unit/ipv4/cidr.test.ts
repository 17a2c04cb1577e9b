import fc from "fast-check";
import {
  contains,
  formatAddress,
  nthAddress,
  overlaps,
  parseAddress,
  parseCidr,
  size,
  type Network,
} from "../../../infra/ipv4/cidr";
import { addressNumber, network, written } from "../../support/arbitraries";

function parsed(text: string): Network {
  const result = parseCidr(text);
  if (!result) throw new Error(`'${text}' is no network`);
  return result;
}

describe("parseAddress", () => {
  test.each([
    ["0.0.0.0", 0],
    ["10.77.0.21", 172818453],
    ["127.0.0.1", 2130706433],
    ["255.255.255.255", 4294967295],
  ])("reads %s", (text, number) => {
    expect(parseAddress(text)).toBe(number);
  });

  test.each([
    "",
    "10.77.0",
    "10.77.0.0.1",
    "256.0.0.1",
    "10.77.0.021",
    "10.77.0.-1",
    "10.77.0.1 ",
    "a.b.c.d",
    "::1",
    "1e1.0.0.1",
  ])("refuses '%s'", (text) => {
    expect(parseAddress(text)).toBeUndefined();
  });

  test("reads the output of formatAddress", () => {
    fc.assert(
      fc.property(addressNumber, (number) => {
        expect(parseAddress(formatAddress(number))).toBe(number);
      }),
    );
  });

  test("takes only the one way of writing an address", () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.ipV4(), fc.stringMatching(/^[0-9.]{0,15}$/)), (text) => {
        const number = parseAddress(text);
        if (number !== undefined) expect(formatAddress(number)).toBe(text);
      }),
    );
  });
});

describe("parseCidr", () => {
  test.each([
    ["10.77.0.0/24", 256],
    ["0.0.0.0/0", 2 ** 32],
    ["192.168.1.4/30", 4],
    ["192.168.1.5/32", 1],
  ])("reads %s with %d addresses", (text, addresses) => {
    expect(size(parsed(text))).toBe(addresses);
    expect(nthAddress(parsed(text), 0)).toBe(text.split("/")[0]);
  });

  test.each([
    "10.77.0.1/24",
    "10.77.0.0",
    "10.77.0.0/",
    "10.77.0.0/33",
    "10.77.0.0/024",
    "10.77.0.0/24/1",
    "10.77.0/24",
    "/24",
    "128.0.0.0/0",
  ])("refuses '%s'", (text) => {
    expect(parseCidr(text)).toBeUndefined();
  });

  test("reads its own output", () => {
    fc.assert(
      fc.property(network, (any) => {
        expect(parseCidr(written(any))).toEqual(any);
      }),
    );
  });
});

describe("contains", () => {
  test("holds from the first address to the last and no further", () => {
    const { base } = parsed("10.77.0.0/24");
    const held = [-1, 0, 255, 256].map((offset) => contains({ base, prefix: 24 }, base + offset));
    expect(held).toEqual([false, true, true, false]);
  });

  test("agrees with a comparison of the fixed bits", () => {
    fc.assert(
      fc.property(network, addressNumber, (any, address) => {
        const first = (number: number) => Math.floor(number / size(any));
        expect(contains(any, address)).toBe(first(address) === first(any.base));
      }),
    );
  });
});

describe("overlaps", () => {
  test.each([
    ["10.0.0.0/8", "10.77.0.0/24", true],
    ["10.77.0.0/24", "10.77.1.0/24", false],
    ["10.77.0.0/24", "10.77.0.0/24", true],
    ["0.0.0.0/0", "255.255.255.255/32", true],
  ])("%s and %s: %s", (a, b, expected) => {
    expect(overlaps(parsed(a), parsed(b))).toBe(expected);
  });

  test("is symmetric, and true of every network with itself", () => {
    fc.assert(
      fc.property(network, network, (a, b) => {
        expect(overlaps(a, b)).toBe(overlaps(b, a));
        expect(overlaps(a, a)).toBe(true);
      }),
    );
  });

  test("is true as soon as one address is in both", () => {
    fc.assert(
      fc.property(network, network, addressNumber, (a, b, address) => {
        if (contains(a, address) && contains(b, address)) expect(overlaps(a, b)).toBe(true);
      }),
    );
  });
});
