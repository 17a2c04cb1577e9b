import { parseConfig } from "../../../stacks/config";
import { planFarm } from "../../../infra/net/plan";
import { smallest, withNode, type RawConfig } from "../../support/configs";
import { refusal, type Mistake } from "../../support/refusal";

const uriMessage =
  "must be a libvirt URI such as qemu:///system, qemu+ssh://root@host/system or qemu+unix:///system?socket=/path";
const nameMessage = "must be lower-case letters, digits and inner hyphens, beginning with a letter, e.g. worker1";
const labelMessage = "must be letters, digits and inner . _ / -, e.g. db or com.example.disk";
const cidrMessage = "must be an IPv4 network such as 10.77.0.0/24, host bits zero";
const shaMessage = "must be a SHA-256 checksum: 64 lower-case hexadecimal digits";
const portMessage = "must be a port from 1 to 65535";
const sha256 = "0".repeat(64);
const local = { uri: "qemu:///system" };
const cloud = (changes: RawConfig) => smallest({ image: { kind: "cloud", source: "/a.qcow2", sha256, ...changes } });
const unknownKey = "is no known key; see docs/configuration.md";

const mistakes: Mistake[] = [
  ["no map at all", 5, "(top): is 5; must be a map of keys"],
  ["nothing", null, "(top): is null; must be a map of keys"],
  ["no nodes", {}, "nodes: is missing; must be a map of keys"],
  ["nodes as a list", { nodes: [] }, "nodes: is []; must be a map of keys"],
  [
    "an unknown key",
    smallest({ nodez: {} }),
    "nodez: is no known key; the nearest is 'nodes'; see docs/configuration.md",
  ],
  ["an unknown key of a node", withNode({ ram: 1 }), `nodes.manager1.ram: ${unknownKey}`],
  [
    "an unknown key of a host",
    smallest({ hosts: { local: { ...local, user: "x" } } }),
    `hosts.local.user: ${unknownKey}`,
  ],
  ["an unknown key of the network", smallest({ network: { dns: "x" } }), `network.dns: ${unknownKey}`],
  ["an unknown key of hello", smallest({ hello: { image: "x" } }), `hello.image: ${unknownKey}`],
  [
    "a source beside the farm's own image",
    smallest({ image: { kind: "farm", source: "/x" } }),
    `image.source: ${unknownKey}`,
  ],
  [
    "a node's name with capitals",
    { nodes: { Manager1: { role: "manager" } } },
    `nodes.Manager1: 'Manager1' is no key here; ${nameMessage}`,
  ],
  [
    "a node's name with a digit first",
    { nodes: { "1a": { role: "manager" } } },
    `nodes.1a: '1a' is no key here; ${nameMessage}`,
  ],
  [
    "a node's name with a hyphen last",
    { nodes: { "a-": { role: "manager" } } },
    `nodes.a-: 'a-' is no key here; ${nameMessage}`,
  ],
  [
    "a node's name with a space",
    { nodes: { "a b": { role: "manager" } } },
    `nodes.a b: 'a b' is no key here; ${nameMessage}`,
  ],
  [
    "a long name",
    { nodes: { ["a".repeat(41)]: { role: "manager" } } },
    `nodes.${"a".repeat(41)}: '${"a".repeat(41)}' is no key here; must have at most 40 characters`,
  ],
  [
    "a host's name with a dot",
    smallest({ hosts: { "kvm.example": local } }),
    `hosts.kvm.example: 'kvm.example' is no key here; ${nameMessage}`,
  ],
  [
    "an unknown role",
    withNode({ role: "leader" }),
    `nodes.manager1.role: is "leader"; must be one of 'manager', 'worker'`,
  ],
  ["no role", { nodes: { manager1: {} } }, "nodes.manager1.role: is missing; must be one of 'manager', 'worker'"],
  ["a node that is no map", { nodes: { manager1: null } }, "nodes.manager1: is null; must be a map of keys"],
  ["no CPU", withNode({ vcpu: 0 }), "nodes.manager1.vcpu: is 0; must be at least 1"],
  ["half a CPU", withNode({ vcpu: 0.5 }), "nodes.manager1.vcpu: is 0.5; must be a whole number"],
  ["too many CPUs", withNode({ vcpu: 65 }), "nodes.manager1.vcpu: is 65; must be at most 64"],
  ["too little memory", withNode({ memoryMiB: 511 }), "nodes.manager1.memoryMiB: is 511; must be at least 512"],
  ["memory with a unit", withNode({ memoryMiB: "1GiB" }), `nodes.manager1.memoryMiB: is "1GiB"; must be a number`],
  ["too small a disk", withNode({ diskGiB: 3 }), "nodes.manager1.diskGiB: is 3; must be at least 4"],
  ["too large a disk", withNode({ diskGiB: 10_241 }), "nodes.manager1.diskGiB: is 10241; must be at most 10240"],
  [
    "an address that is none",
    withNode({ address: "10.77.0" }),
    `nodes.manager1.address: is "10.77.0"; must be an IPv4 address such as 10.77.0.21`,
  ],
  [
    "a label's key with a space",
    withNode({ labels: { "a b": "x" } }),
    `nodes.manager1.labels.a b: 'a b' is no key here; ${labelMessage}`,
  ],
  [
    "a label's key with =",
    withNode({ labels: { "a=b": "x" } }),
    `nodes.manager1.labels.a=b: 'a=b' is no key here; ${labelMessage}`,
  ],
  [
    "a label without a value",
    withNode({ labels: { db: null } }),
    "nodes.manager1.labels.db: is null; must be a text, a number, true or false",
  ],
  [
    "a label with a newline",
    withNode({ labels: { db: "a\nb" } }),
    `nodes.manager1.labels.db: is "a\\nb"; must be printable ASCII`,
  ],
  [
    "a long label",
    withNode({ labels: { db: "x".repeat(256) } }),
    `nodes.manager1.labels.db: is "${"x".repeat(256)}"; must have at most 255 characters`,
  ],
  [
    "a network with host bits",
    smallest({ network: { cidr: "10.77.0.1/24" } }),
    `network.cidr: is "10.77.0.1/24"; ${cidrMessage}`,
  ],
  [
    "a network without a prefix",
    smallest({ network: { cidr: "10.77.0.0" } }),
    `network.cidr: is "10.77.0.0"; ${cidrMessage}`,
  ],
  ["a network as a text", smallest({ network: "10.77.0.0/24" }), `network: is "10.77.0.0/24"; must be a map of keys`],
  ["a host without a URI", smallest({ hosts: { local: {} } }), "hosts.local.uri: is missing; must be a text"],
  [
    "another hypervisor",
    smallest({ hosts: { local: { uri: "xen:///system" } } }),
    `hosts.local.uri: is "xen:///system"; ${uriMessage}`,
  ],
  [
    "a user's libvirt session",
    smallest({ hosts: { local: { uri: "qemu:///session" } } }),
    `hosts.local.uri: is "qemu:///session"; ${uriMessage}`,
  ],
  [
    "unknown virtualization",
    smallest({ hosts: { local: { ...local, virtualization: "tcg" } } }),
    `hosts.local.virtualization: is "tcg"; must be one of 'auto', 'kvm', 'qemu'`,
  ],
  ["an unknown image", smallest({ image: { kind: "iso" } }), `image.kind: is "iso"; must be one of 'farm', 'cloud'`],
  ["an image without a kind", smallest({ image: {} }), "image.kind: is missing; must be one of 'farm', 'cloud'"],
  [
    "a version that is no name",
    smallest({ image: { kind: "farm", version: "two words" } }),
    `image.version: is "two words"; must be letters, digits and inner dots and dashes, e.g. 2026-12-01`,
  ],
  [
    "a cloud image at a relative path",
    cloud({ source: "a.qcow2" }),
    `image.source: is "a.qcow2"; must be an absolute path or an http(s) address`,
  ],
  ["a short checksum", cloud({ sha256: "abc" }), `image.sha256: is "abc"; ${shaMessage}`],
  ["a checksum in capitals", cloud({ sha256: "A".repeat(64) }), `image.sha256: is "${"A".repeat(64)}"; ${shaMessage}`],
  [
    "a version that YAML reads as a number",
    smallest({ image: { kind: "farm", version: 1.1 } }),
    'image.version: is 1.1; must be a text: quote it, e.g. "1.10"',
  ],
  [
    "a label that YAML reads as another number",
    withNode({ labels: { version: 1.1 } }),
    'nodes.manager1.labels.version: is 1.1; must be quoted, e.g. "1.10"',
  ],
  ["port zero", smallest({ hello: { port: 0 } }), `hello.port: is 0; ${portMessage}`],
  ["a port too high", smallest({ hello: { port: 65_536 } }), `hello.port: is 65536; ${portMessage}`],
  ["a port as a text", smallest({ hello: { port: "80" } }), `hello.port: is "80"; ${portMessage}`],
  ["fewer than no replicas", smallest({ hello: { replicas: -1 } }), "hello.replicas: is -1; must be at least 0"],
  [
    "part of a replica",
    smallest({ hello: { replicas: 1.5 } }),
    "hello.replicas: is 1.5; must be a number of tasks from 0 to 1000, or global: one on every node",
  ],
];

test.each(mistakes)("%s is refused", (_, raw, problem) => {
  expect(refusal(raw)).toEqual([problem]);
});

describe("names that JavaScript's objects have", () => {
  const from = (json: string): unknown => JSON.parse(json);

  test.each([
    ["a node", '{"nodes":{"__proto__":{"role":"worker"},"manager1":{"role":"manager"}}}', "nodes.__proto__"],
    ["a host", '{"hosts":{"__proto__":{"uri":"qemu:///system"}},"nodes":{}}', "hosts.__proto__"],
    [
      "a label",
      '{"nodes":{"manager1":{"role":"manager","labels":{"__proto__":"x"}}}}',
      "nodes.manager1.labels.__proto__",
    ],
    ["a key", '{"__proto__":{},"nodes":{"manager1":{"role":"manager"}}}', "__proto__"],
  ])("%s called __proto__ is refused", (_, json, path) => {
    expect(refusal(from(json))).toEqual([`${path}: '__proto__' is no key here; choose another name`]);
  });

  test("a node, a host and a label called constructor are planned like any other", () => {
    const labels = { constructor: "x", toString: "y" };
    const config = parseConfig({
      hosts: { constructor: local },
      nodes: { manager1: { role: "manager" }, constructor: { role: "worker", address: "10.77.0.30", labels } },
    });
    const { nodes, hosts } = planFarm(config, "dev");
    expect(Object.keys(hosts)).toEqual(["constructor"]);
    expect(nodes.map(({ name, labels: has }) => [name, has])).toEqual([
      ["manager1", {}],
      ["constructor", labels],
    ]);
  });
});

test("reports several problems at once, as text with one line each", () => {
  const raw = { nodes: { manager1: { role: "boss", vcpu: 0 } }, hello: { port: 0 }, zip: 1 };
  expect(() => parseConfig(raw)).toThrow(
    [
      "the configuration has 4 problems:",
      `  nodes.manager1.role: is "boss"; must be one of 'manager', 'worker'`,
      "  nodes.manager1.vcpu: is 0; must be at least 1",
      `  hello.port: is 0; ${portMessage}`,
      "  zip: is no known key; see docs/configuration.md",
    ].join("\n"),
  );
});
