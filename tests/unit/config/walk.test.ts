import { parseConfig } from "../../../stacks/config";
import { configurations, elsewhere, start, steps } from "../../faults/configuration/walk";
import { keysSet, leafKeys } from "../../support/configuration-keys";

const files = { cert: "/own.crt", key: "/own.key", content: "/content" };

// tests/faults/configuration.test.ts changes a farm along this table.
describe("the walk over the configuration", () => {
  const walked = new Set(steps.flatMap(({ change }) => keysSet(change(files))));

  test("every key is changed by a step, or listed as tested elsewhere", () => {
    expect(leafKeys().filter((key) => !walked.has(key) && !(key in elsewhere))).toEqual([]);
  });

  test("every key that it names exists, and none is both changed and in the list", () => {
    const known = new Set(leafKeys());
    expect([...walked, ...Object.keys(elsewhere)].filter((key) => !known.has(key))).toEqual([]);
    expect(Object.keys(elsewhere).filter((key) => walked.has(key))).toEqual([]);
  });

  test("every configuration on the way is accepted, and differs from the one before", () => {
    const all = [start, ...configurations(files)].map(parseConfig);
    for (const [i, config] of all.slice(1).entries()) expect(config).not.toEqual(all[i]);
  });
});

test("a key without a step is found, a map of names is one key, and a key that does not exist is named", () => {
  expect(leafKeys()).toEqual(expect.arrayContaining(["nodes.<name>.labels", "lamp.php.replicas", "image.version"]));
  expect(leafKeys()).not.toContain("lamp");
  expect(
    keysSet({ nodes: { worker1: { labels: { db: "true" }, vcpu: 2 } }, hello: { prot: 1 }, steward: null }),
  ).toEqual(["hello.prot", "nodes.<name>.labels", "nodes.<name>.vcpu"]);
});
