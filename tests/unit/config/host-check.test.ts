import { checkHost, checkSystem, type HostFacts } from "../../../infra/config/host-check";
import { parseConfig } from "../../../stacks/config";
import { smallest, withNode } from "../../support/configs";

const roomy: HostFacts = { memoryMiB: 4096, networks: [{ interface: "lo", cidr: "127.0.0.1/8" }] };

function problems(raw: unknown, facts: HostFacts): string[] {
  return checkHost(parseConfig(raw), facts).map(({ path, message }) => `${path}: ${message}`);
}

test("a machine with enough memory and no overlapping network has no problem", () => {
  expect(problems(smallest(), roomy)).toEqual([]);
});

test.each(["10.77.0.5/24", "10.77.0.129/25", "10.0.0.1/8"])(
  "an overlapping network of the machine, %s, is reported with its interface",
  (cidr) => {
    expect(problems(smallest(), { ...roomy, networks: [{ interface: "eth0", cidr }] })).toEqual([
      `network.cidr: '10.77.0.0/24' overlaps ${cidr} of interface eth0 on this machine; choose a free range, e.g. 10.78.0.0/24`,
    ]);
  },
);

test.each([
  [true, []],
  [false, ["network.egress"]],
])("a way out, %p, on this machine's own libvirt", (egress, paths) => {
  expect(checkSystem(parseConfig(smallest({ network: { egress } }))).map(({ path }) => path)).toEqual(paths);
});

test("an adjacent network does not overlap", () => {
  expect(problems(smallest(), { ...roomy, networks: [{ interface: "eth0", cidr: "10.77.1.5/24" }] })).toEqual([]);
});

test.each([
  [3584, []],
  [
    3585,
    [
      "nodes: need 3585 MiB of memory together, this machine can give 3584 MiB; lower the memoryMiB of nodes, or remove one",
    ],
  ],
])("of 4096 MiB, %d for nodes leave enough for the host, or not", (memoryMiB, expected) => {
  expect(problems(withNode({ memoryMiB }), roomy)).toEqual(expected);
});
