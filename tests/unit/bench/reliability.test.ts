import type { LeaderFigures, StewardFigures } from "../../../bench/reliability/figures";
import { table } from "../../../bench/reliability/table";

const requests = { sent: 100, failed: 0 };

const steward: StewardFigures = {
  lost: { down: 50_000, serving: 100_000, requests },
  back: { ready: 60_000, begun: 30_000, balanced: 70_000, movedBySwarm: 0, requests },
  step: { requested: 40_000, serving: 60_000, byHand: 20_000, requestsPerSecond: 9.96, requests },
};

const leader: LeaderFigures = { elected: 15_000, accepted: 33_000, repaired: 120_000, requests };

const lines = (stewards: readonly StewardFigures[], leaders: readonly LeaderFigures[]) =>
  table(
    { steward: stewards, leader: leaders },
    { heartbeat: 15, election: 10 },
    { stabilizationSeconds: 20, bearable: 3 },
  ).split("\n");

test("one run is its own median, each time beside Swarm's own", () => {
  const [, , lost, back, step, accepted, repaired] = lines([steward], [leader]);
  expect(lost).toMatch(/\| 100 \| 3 × 15 \| 50 \| 2\.0 \|$/);
  expect(back).toMatch(/\| 70 \| never \| 0 moved in 30, when the steward began \| {2}\|$/);
  expect(step).toMatch(/^\| load rises from 0 to 10 requests\/s, target 3 .* \| 60 \| {2}\| 20 \| 3\.0 \|$/);
  expect(accepted).toMatch(/\| 33 \| 10 to 20 \| 15 \| 2\.2 \|$/);
  expect(repaired).toMatch(/\| 120 \| never \| {2}\| {2}\|$/);
});

test("the table has the median, minimum and maximum of several runs", () => {
  const lost = (serving: number, failed: number) => ({
    ...steward,
    lost: { down: 50_000, serving, requests: { sent: 100, failed } },
  });
  const text = lines([lost(130_000, 1), lost(100_000, 0), lost(110_000, 2), lost(60_000, 0)], [leader]);
  expect(text[2]).toMatch(/\| 105 \(60–130\) \| 3 × 15 \| 50 \(50–50\) \| 2\.1 \(1\.2–2\.6\) \|$/);
  expect(text.at(-1)).toBe(
    "Requests that failed: worker lost 3 of 400, worker back 0 of 400, step of load 0 of 400, leader lost 0 of 100.",
  );
});

test("missing measurements are left out", () => {
  const text = lines([steward], []);
  expect(text.filter((line) => line.startsWith("|"))).toHaveLength(5);
  expect(text.at(-1)).not.toContain("leader");
});

test("every row has as many cells as the head", () => {
  const rows = lines([steward, steward], [leader]).filter((line) => line.startsWith("|"));
  expect(new Set(rows.map((row) => row.split("|").length))).toEqual(new Set([7]));
});
