import fc from "fast-check";
import { fewNodes, memoryOf, type RawNode } from "../../../../cli/rehearsal/few-nodes";

const manager = { role: "manager" } as const;
const worker = { role: "worker" } as const;

test.each<[string, Record<string, RawNode>, string[], Record<string, unknown>]>([
  ["one manager is enough", { manager1: manager, manager2: manager, manager3: manager }, [], { manager1: manager }],
  [
    "and one worker",
    { manager1: manager, worker1: worker, worker2: worker },
    [],
    { manager1: manager, worker1: worker },
  ],
  [
    "the worker is as large as the largest, with the labels of all",
    {
      manager1: manager,
      worker1: { ...worker, memoryMiB: 2048 },
      worker2: { ...worker, memoryMiB: 4096, vcpu: 2, labels: { db: "true" } },
    },
    [],
    { manager1: manager, worker1: { ...worker, memoryMiB: 4096, vcpu: 2, labels: { db: "true" } } },
  ],
  [
    "labels that contradict each other are of two nodes",
    { manager1: manager, worker1: { ...worker, labels: { zone: "a" } }, worker2: { ...worker, labels: { zone: "b" } } },
    [],
    {
      manager1: manager,
      worker1: { ...worker, labels: { zone: "a" } },
      worker2: { ...worker, labels: { zone: "b" } },
    },
  ],
  [
    "a needed node keeps its name",
    { manager1: manager, worker1: worker, worker2: worker, worker3: worker },
    ["worker3"],
    { manager1: manager, worker3: worker },
  ],
  [
    "and so do two of them",
    { manager1: manager, worker1: worker, worker2: worker, worker3: worker },
    ["worker2", "worker3"],
    { manager1: manager, worker2: worker, worker3: worker },
  ],
  [
    "another needed manager brings all, since two are no quorum",
    { manager1: manager, manager2: manager, manager3: manager },
    ["manager2"],
    { manager1: manager, manager2: manager, manager3: manager },
  ],
  [
    "a drained node has no tasks",
    { manager1: manager, manager2: { ...manager, availability: "drain" }, manager3: manager },
    [],
    { manager1: manager },
  ],
  [
    "the first manager is by number",
    { manager10: manager, manager2: manager, manager3: manager },
    [],
    { manager2: manager },
  ],
  ["hosts are those of the rehearsal", { manager1: { ...manager, host: "cellar" } }, [], { manager1: manager }],
])("%s", (_, nodes, needed, few) => {
  expect(fewNodes(nodes, new Set(needed))).toEqual(few);
});

test("the memory of all, with that of a node without the key", () => {
  expect(memoryOf({ manager1: { ...manager, memoryMiB: 2048 }, worker1: worker })).toBe(3072);
});

const nodes = fc.dictionary(
  fc.constantFrom("a1", "a2", "b1", "b2", "c3", "d4"),
  fc.record(
    {
      role: fc.constantFrom("manager" as const, "worker" as const),
      labels: fc.dictionary(fc.constantFrom("db", "zone"), fc.constantFrom("x", "y")),
      memoryMiB: fc.integer({ min: 512, max: 4096 }),
      availability: fc.constantFrom("active", "pause"),
    },
    { requiredKeys: ["role"] },
  ),
);

test("every role, label and needed name of any farm has a node, and there is never more", () => {
  fc.assert(
    fc.property(nodes, fc.subarray(["a1", "b2", "d4"]), (all, names) => {
      const needed = names.filter((name) => name in all);
      const few = Object.entries(fewNodes(all, new Set(needed)));
      expect(few.length).toBeLessThanOrEqual(Object.keys(all).length);
      for (const name of needed) expect(few.map(([kept]) => kept)).toContain(name);
      for (const { role, labels = {} } of Object.values(all)) {
        const ofRole = few.filter(([, node]) => node.role === role);
        // Of several managers that contradict each other all are kept.
        for (const [key, value] of Object.entries(labels))
          expect(ofRole.some(([, node]) => (node.labels as Record<string, string> | undefined)?.[key] === value)).toBe(
            true,
          );
        expect(ofRole.length).toBeGreaterThan(0);
      }
    }),
  );
});
