import { ageOf, lastSnapshots, type Snapshot } from "../../../../cli/rehearsal/chosen";

const day = (date: number, time = "02:30:00") => `2026-11-${String(date).padStart(2, "0")}T${time}Z`;
const of = (node: string, key: string, time: string): Snapshot => {
  const [kind = "", name = ""] = key.split(":");
  return { node, kind: kind as Snapshot["kind"], name, time, id: `${node}${time.slice(8, 10)}` };
};
const ids = (all: readonly Snapshot[], wants: readonly string[] = []) =>
  lastSnapshots(all, wants).snapshots.map(({ kind, name, id }) => `${kind}:${name} ${id}`);

test("the newest of each volume and database counts", () => {
  const all = [28, 29].flatMap((date) => ["volume:uploads", "dump:shop"].map((key) => of("worker1", key, day(date))));
  expect(ids(all)).toEqual(["dump:shop worker129", "volume:uploads worker129"]);
});

test("a volume is restored to each node that has it by now, and not to one that had it once", () => {
  const all = [
    of("worker1", "volume:uploads", day(29)),
    of("worker2", "volume:uploads", day(29, "02:40:00")),
    of("worker3", "volume:uploads", day(3)),
    of("worker3", "volume:others", day(29)),
  ];
  expect(ids(all)).toEqual(["volume:others worker329", "volume:uploads worker229", "volume:uploads worker129"]);
});

test("a database that moved is that of its last node, and one whose dumps fail since days is restored all the same", () => {
  const all = [
    of("worker1", "dump:shop", day(20)),
    of("worker2", "dump:shop", day(26)),
    of("worker2", "volume:uploads", day(29)),
  ];
  expect(ids(all)).toEqual(["dump:shop worker226", "volume:uploads worker229"]);
});

test("of the swarm's state the newest counts, whichever manager made it", () => {
  const all = [of("manager1", "swarm:state", day(29)), of("manager2", "swarm:state", day(29, "02:40:00"))];
  expect(ids(all, ["swarm:state"])).toEqual(["swarm:state manager229"]);
  expect(lastSnapshots([], ["swarm:state"]).missing).toEqual(["swarm state has no snapshot"]);
});

test("a volume that no node has any more is restored from its last snapshot", () => {
  expect(ids([of("worker1", "volume:old", day(1)), of("worker1", "volume:new", day(29))])).toEqual([
    "volume:new worker129",
    "volume:old worker101",
  ]);
});

test("what is configured and was never backed up is missing; the registry's volume is filled by up", () => {
  expect(
    lastSnapshots([of("manager1", "volume:registry", day(29))], ["volume:uploads", "dump:shop", "volume:registry"]),
  ).toEqual({
    snapshots: [],
    missing: ["dump shop has no snapshot", "volume uploads has no snapshot"],
  });
});

test("the oldest is what a loss costs; clocks that differ make no negative age", () => {
  const now = Date.parse(day(29, "03:30:00"));
  expect(ageOf([{ time: day(29) }, { time: day(29, "01:30:00") }], now)).toBe(7200);
  expect(ageOf([{ time: day(30) }], now)).toBe(0);
  expect(ageOf([], now)).toBe(0);
});
