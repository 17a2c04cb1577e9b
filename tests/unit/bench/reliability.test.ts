import type { Figures } from "../../../bench/reliability/figures";
import { table } from "../../../bench/reliability/table";

const requests = { sent: 100, failed: 0 };

const figures = (change: Partial<Figures> = {}): Figures => ({
  lost: { down: 50_000, serving: 100_000, requests },
  back: { ready: 60_000, begun: 30_000, balanced: 70_000, movedBySwarm: 0, requests },
  step: { asked: 40_000, serving: 60_000, byHand: 20_000, requestsPerSecond: 9.96, requests },
  leader: { elected: 15_000, accepted: 33_000, repaired: 120_000, requests },
  ...change,
});

const configured = { heartbeat: 15, election: 10 };
const policies = { quietSeconds: 20, bearable: 5 };
const lines = (runs: readonly Figures[]) => table(runs, configured, policies).split("\n");

test("one run is its own median, each time beside Swarm's own", () => {
  const [, , lost, back, step, leader, repaired] = lines([figures()]);
  expect(lost).toMatch(/\| 100 \| 3 × 15 \| 50 \| 2\.0 \|$/);
  expect(back).toMatch(/\| 70 \| never \| moved 0 in 30 \| {2}\|$/);
  expect(step).toMatch(/10\.0 requests\/s for tasks that are to bear 5: .* \| 60 \| {2}\| 20 \| 3\.0 \|$/);
  expect(leader).toMatch(/\| 33 \| 10 to 20 \| 15 \| 2\.2 \|$/);
  expect(repaired).toMatch(/\| 120 \| never \| {2}\| {2}\|$/);
});

test("of several runs the median is told, and the least and the most", () => {
  const lost = (serving: number, failed: number) =>
    figures({ lost: { down: 50_000, serving, requests: { sent: 100, failed } } });
  const text = lines([lost(130_000, 1), lost(100_000, 0), lost(110_000, 2), lost(60_000, 0)]);
  expect(text[2]).toMatch(/\| 105 \(60–130\) \| 3 × 15 \| 50 \(50–50\) \| 2\.1 \(1\.2–2\.6\) \|$/);
  expect(text.at(-1)).toBe(
    "Requests that failed: worker lost 3 of 400, worker back 0 of 400, step of load 0 of 400, leader lost 0 of 400.",
  );
});

test("the table is whole: every row has as many cells as its head", () => {
  const rows = lines([figures(), figures()]).filter((line) => line.startsWith("|"));
  expect(new Set(rows.map((row) => row.split("|").length))).toEqual(new Set([7]));
});
