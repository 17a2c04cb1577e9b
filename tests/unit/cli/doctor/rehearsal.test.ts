import { keepRehearsal, lastRehearsal, rehearsalFindings, rehearsalNote } from "../../../../cli/doctor/rehearsal";
import { FakeFarm } from "../../../support/fake-farm";

let farm: FakeFarm;

beforeEach(() => {
  farm = new FakeFarm();
});

afterEach(() => {
  farm.remove();
});

const last = () => lastRehearsal(farm.context());

const passed = { at: "2026-11-29T04:00:00Z", source: "3 snapshots", problems: [], rpoSeconds: 5400, rtoSeconds: 725 };

test("without a rehearsal doctor says nothing of one", () => {
  expect([last(), rehearsalNote(last())]).toEqual([undefined, undefined]);
  expect(rehearsalFindings(last())).toEqual([]);
});

test("one that passed is a line with what it measured", () => {
  keepRehearsal(farm.context(), passed);
  expect(rehearsalFindings(last())).toEqual([]);
  expect(rehearsalNote(last())).toBe(
    "a restore was rehearsed on 2026-11-29T04:00:00Z and passed: data 90 min 0 s old, back in 12 min 5 s",
  );
});

test("one that failed is a finding with its first reason", () => {
  keepRehearsal(farm.context(), { ...passed, problems: ["dump shop has no snapshot", "routes: 502"] });
  expect(rehearsalNote(last())).toBeUndefined();
  expect(rehearsalFindings(last())).toEqual([
    {
      what: "the rehearsal of a restore on 2026-11-29T04:00:00Z failed: dump shop has no snapshot, and 1 more",
      byHand: "./farm restore --rehearse tries again",
    },
  ]);
});

test.each(["{", "[]", '{"at":1}'])("a file with %j is as none", (text) => {
  farm.state("rehearsal.json", text);
  expect(last()).toBeUndefined();
});
