import fc from "fast-check";
import { keysAt, nearest } from "../../../infra/config/nearest";
import { surface } from "../../../stacks/config";

test.each([
  ["helo", "hello"],
  ["Node", "nodes"],
  ["loadBalancer", "loadbalancer"],
  ["rotates", "rotate"],
  ["quietsecond", "quietSeconds"],
])("'%s' is nearest to '%s'", (name, meant) => {
  expect(nearest(name, ["nodes", "hello", "lamp", "loadbalancer", "rotate", "quietSeconds"])).toBe(meant);
});

test.each(["shop", "zip", "memory", ""])("nothing is near to '%s'", (name) => {
  expect(nearest(name, ["nodes", "hello", "lamp"])).toBeUndefined();
});

test("a known name is nearest to itself, whatever its case", () => {
  const names = ["nodes", "hello", "loadbalancer"];
  fc.assert(
    fc.property(fc.constantFrom(...names), fc.boolean(), (name, upper) => {
      expect(nearest(upper ? name.toUpperCase() : name, names)).toBe(name);
    }),
  );
});

test.each<[string, readonly string[], readonly string[]]>([
  ["the top", [], ["nodes", "hello", "rotate", "cleanup"]],
  ["a stack's key", ["hello"], ["port", "replicas"]],
  ["a node, whatever its name", ["nodes", "worker7"], ["role", "memoryMiB"]],
  ["one of several variants", ["image"], ["version", "sha256"]],
  ["rotate, with the stacks' keys", ["rotate"], ["mysql", "registry"]],
])("%s has its keys", (_, path, some) => {
  expect(keysAt(surface.schema, path)).toEqual(expect.arrayContaining([...some]));
});

test("a map of any names has no keys to be near to", () => {
  expect(keysAt(surface.schema, ["nodes", "worker7", "labels"])).toEqual([]);
  expect(keysAt(surface.schema, ["gone", "away"])).toEqual([]);
});
