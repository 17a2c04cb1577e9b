import fc from "fast-check";
import { assignAddresses } from "../../../infra/config/addresses";
import { parseCidr } from "../../../infra/ipv4/cidr";

const network = { base: 172818432, prefix: 24 };

type Nodes = Parameters<typeof assignAddresses>[1];

function assigned(nodes: Nodes, cidr = "10.77.0.0/24"): Record<string, string> {
  return Object.fromEntries(assignAddresses(parseCidr(cidr) ?? network, nodes).addresses);
}

function problems(nodes: Nodes, cidr = "10.77.0.0/24"): string[] {
  return assignAddresses(parseCidr(cidr) ?? network, nodes).problems.map(({ path, message }) => `${path}: ${message}`);
}

describe("computed addresses", () => {
  test("begin at .11 for managers and at .21 for workers", () => {
    expect(
      assigned({ manager1: { role: "manager" }, manager9: { role: "manager" }, worker1: { role: "worker" } }),
    ).toEqual({
      manager1: "10.77.0.11",
      manager9: "10.77.0.19",
      worker1: "10.77.0.21",
    });
  });

  test("take the number at the end of a name", () => {
    expect(assigned({ "rack2-db13": { role: "worker" } })).toEqual({ "rack2-db13": "10.77.0.33" });
  });

  test("continue past a byte if the network is large enough", () => {
    expect(assigned({ worker300: { role: "worker" } }, "10.64.0.0/16")).toEqual({ worker300: "10.64.1.64" });
  });

  test.each([
    ["a name without a number", "db", "worker", "10.77.0.0/24"],
    ["number zero", "worker0", "worker", "10.77.0.0/24"],
    ["a tenth manager, whose address is a worker's", "manager10", "manager", "10.77.0.0/24"],
    ["the broadcast address", "worker235", "worker", "10.77.0.0/24"],
    ["a number past the end", "worker11", "worker", "10.77.0.0/27"],
  ] as const)("are refused to %s", (_, name, role, cidr) => {
    expect(problems({ [name]: { role } }, cidr)).toEqual([
      `nodes.${name}.address: cannot be computed from the name '${name}' in this network; set it, or use a name such as ${role}1`,
    ]);
  });

  test("do not change when other nodes are added, removed or reordered", () => {
    const someNodes = fc.uniqueArray(fc.integer({ min: 1, max: 200 }), { minLength: 1, maxLength: 12 });
    fc.assert(
      fc.property(someNodes, fc.nat(), (numbers, pick) => {
        const of = (some: readonly number[]) =>
          assigned(Object.fromEntries(some.map((number) => [`worker${number}`, { role: "worker" as const }])));
        const gone = numbers[pick % numbers.length];
        const rest = numbers.filter((number) => number !== gone).reverse();
        expect(of(numbers)).toMatchObject(of(rest));
      }),
    );
  });
});

describe("addresses that are set", () => {
  test("take precedence over the computed one", () => {
    expect(assigned({ worker1: { role: "worker", address: "10.77.0.200" } })).toEqual({ worker1: "10.77.0.200" });
  });

  test.each([
    ["10.77.0.1", "is the gateway of a host; use another"],
    ["10.77.0.0", "is the network's or broadcast address; use another"],
    ["10.77.0.255", "is the network's or broadcast address; use another"],
    ["10.77.1.21", "is outside 10.77.0.0/24"],
    ["10.77.0.256", "is not an IPv4 address"],
  ])("'%s' %s", (address, why) => {
    expect(problems({ db: { role: "worker", address } })).toEqual([`nodes.db.address: '${address}' ${why}`]);
  });

  test("must be unique among set and computed addresses", () => {
    const nodes: Nodes = { worker1: { role: "worker" }, db: { role: "worker", address: "10.77.0.21" } };
    expect(problems(nodes)).toEqual([
      "nodes.db.address: '10.77.0.21' is already that of 'worker1'; set another address",
    ]);
  });

  test("reports both names of a duplicate number", () => {
    expect(problems({ worker7: { role: "worker" }, db7: { role: "worker" } })).toEqual([
      "nodes.db7.address: '10.77.0.27' is already that of 'worker7'; set another address",
    ]);
  });
});
