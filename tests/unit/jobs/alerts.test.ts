import { jobAlerts } from "../../../stacks/jobs/alerts";
import { expectAlerts, of, type AlertCase } from "../../support/alert-cases";
import { promtool } from "../../support/prometheus";

const job = (what: string) => `swarm_farm_job_${what}{service="shop_report"}`;
const labels = { service: "shop_report" };

const cases: Readonly<Record<string, AlertCase>> = {
  JobFailed: {
    series: { [job("last_run_failed")]: of(2, "1") },
    minutes: 0,
    labels,
    summary: "the last run of job shop_report failed, or was stopped before its end",
    quiet: { [job("last_run_failed")]: of(2, "0") },
  },
  JobMissed: {
    series: { [job("missed")]: of(2, "1") },
    minutes: 0,
    labels,
    summary: "job shop_report was due while nothing could start it, and is not made up for",
    quiet: { [job("missed")]: of(2, "0") },
  },
  JobStuck: {
    series: { [job("skipped")]: of(70, "1") },
    minutes: 61,
    labels,
    summary: "a run of job shop_report is under way and the next ones are left out",
    quiet: { [job("skipped")]: "1x30 0 1x40" },
  },
  JobNeverStarted: {
    series: { [job("wrong")]: of(2, "1") },
    minutes: 0,
    labels,
    summary: "the labels of job shop_report are wrong: it is never started",
    quiet: { [job("wrong")]: of(2, "0") },
  },
};

test("every alert has a case here", () => {
  expect(Object.keys(cases)).toEqual(jobAlerts.map(({ name }) => name));
});

(promtool === undefined ? test.skip : test)(
  "each fires with its text, and stays quiet on what is nearly the same",
  () => {
    expectAlerts(jobAlerts, cases);
  },
);
