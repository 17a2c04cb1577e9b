import { keepMembership } from "../../../../cli/backup/membership";
import { clusterOf, vmTargets, outdated } from "../../../../cli/backup/state";
import { swarmObjects, type SwarmObject } from "../../../../cli/pulumi/swarm-objects";
import { parseResources } from "../../../../cli/pulumi/state";

const urn = (name: string) => `urn:pulumi:dev::swarm-farm::x::${name}`;
const ranOn = (name: string, ...triggers: readonly string[]) => ({
  urn: urn(name),
  type: "command",
  inputs: { triggers, create: "script" },
  outputs: { triggers, stdout: "cluster1" },
});
const exported = (...resources: readonly object[]) => JSON.stringify({ version: 3, deployment: { resources } });
const parse = (...resources: readonly object[]) => parseResources(exported(...resources));

describe("the triggers of a restored manager", () => {
  const domain = { urn: urn("manager1-domain"), type: "libvirt", id: "new", custom: true };
  const before = [
    ranOn("swarm-init", "old"),
    ranOn("manager1-join", "old", "cluster1"),
    ranOn("manager1-trust", "old"),
    ranOn("manager2-join", "other", "cluster1"),
    domain,
  ];
  const triggersOf = (text: string | undefined) =>
    parseResources(text ?? "{}").map(({ inputs, outputs }) => [inputs.triggers, outputs.triggers]);

  test("name its new VM for init and join; other commands of the lost VM run again", () => {
    expect(triggersOf(keepMembership(exported(...before), "manager1"))).toEqual([
      [["new"], ["new"]],
      [
        ["new", "cluster1"],
        ["new", "cluster1"],
      ],
      [["old"], ["old"]],
      [
        ["other", "cluster1"],
        ["other", "cluster1"],
      ],
      [undefined, undefined],
    ]);
  });

  test("are all that changes in the state", () => {
    const text = keepMembership(exported(...before), "manager1") ?? "";
    const alike = (state: string): unknown => JSON.parse(state.replaceAll('"new"', '"old"'));
    expect(alike(text)).toEqual(alike(exported(...before)));
  });

  test.each<[string, object[]]>([
    ["the VM is the same", [ranOn("swarm-init", "new"), ranOn("manager1-join", "new"), domain]],
    ["it never joined", [ranOn("swarm-init", "old"), domain]],
    ["there is no VM", [ranOn("swarm-init", "old"), ranOn("manager1-join", "old")]],
    ["there is nothing", []],
  ])("do not change if %s", (_, resources) => {
    expect(keepMembership(exported(...resources), "manager1")).toBeUndefined();
  });

  test("do not change in a state without resources", () => {
    expect(keepMembership('{"deployment":{"resources":null}}', "manager1")).toBeUndefined();
  });
});

test("the swarm's id is the output of init", () => {
  expect(clusterOf(parse(ranOn("swarm-init", "vm")))).toBe("cluster1");
  expect(clusterOf(parse({ ...ranOn("swarm-init"), outputs: { stdout: "" } }))).toBeUndefined();
  expect(clusterOf([])).toBeUndefined();
});

test("the targets for a node's VM are its disks, its domain and its first commands; a seed is not refreshed", () => {
  const names = ["disk", "seed", "data", "domain", "power", "report", "join", "trust"];
  const resources = ["manager1", "manager11"].flatMap((node) =>
    names.map((noun) => ({ urn: urn(`${node}-${noun}`), type: "x" })),
  );
  const targets = vmTargets(parse(...resources), "manager1");
  expect(targets.map((target) => target.urn)).toEqual(names.slice(0, 6).map((noun) => urn(`manager1-${noun}`)));
  expect(targets.filter(({ isRead }) => !isRead).map((target) => target.urn)).toEqual([urn("manager1-seed")]);
});

test("lists every object that Pulumi created in the swarm with kind, name and id", () => {
  const resources = parse(
    { urn: urn("a"), type: "docker:index/service:Service", id: "1", outputs: { name: "hello" } },
    { urn: urn("b"), type: "docker:index/serviceConfig:ServiceConfig", id: "2", inputs: { name: "conf" } },
    { urn: urn("c"), type: "docker:index/secret:Secret", id: "3", outputs: { name: "key" } },
    { urn: urn("d"), type: "docker:index/network:Network", id: "4", outputs: { name: "net" } },
    { urn: urn("e"), type: "docker:index/volume:Volume", id: "5", outputs: { name: "vol" } },
    { urn: urn("f"), type: "docker:index/service:Service", outputs: { name: "being created" } },
  );
  expect(swarmObjects(resources).map(({ kind, name, id }) => [kind, name, id].join(" "))).toEqual([
    "service hello 1",
    "config conf 2",
    "secret key 3",
    "network net 4",
  ]);
});

describe("outdated", () => {
  const service = (name: string, id: string): SwarmObject => ({ kind: "service", name, id });
  const known = [service("hello", "new-and-long"), service("twice", "one"), service("twice", "two")];
  test.each<[string, SwarmObject, boolean]>([
    ["what has a known name and another id", service("hello", "old"), true],
    ["not what Pulumi knows, by a shortened id", service("hello", "new"), false],
    ["not what has a name that no resource has", service("by-hand", "old"), false],
    ["not another kind of the same name", { kind: "secret", name: "hello", id: "old" }, false],
    ["not one of two resources with one name", service("twice", "two"), false],
  ])("is %s", (_, object, is) => {
    expect(outdated(known, [object])).toEqual(is ? [object] : []);
  });
});
