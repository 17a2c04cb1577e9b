import fc from "fast-check";
import { readLabels } from "../../../apps/jobs/src/labels";
import { serviceProblems } from "../../../infra/service/check";
import { dockerSpec } from "../../../infra/service/docker-spec";
import { isJobLabel, labelsOf, type JobSchedule } from "../../../infra/service/spec/job";
import type { ServiceSpec } from "../../../infra/service/spec/service-spec";

const nightly: JobSchedule = { schedule: "0 2 * * *" };

test("a job has no task until it is due, ends, and starts all tasks of a run at once", () => {
  expect(dockerSpec({ image: "a", labels: { team: "web" }, job: nightly })).toMatchObject({
    mode: { replicated: { replicas: 0 } },
    taskSpec: { restartPolicy: { condition: "none" }, forceUpdate: undefined },
    updateConfig: { parallelism: 0, failureAction: "continue" },
    labels: [
      { label: "swarm-farm.rebalance", value: "false" },
      { label: "swarm.cronjob.enable", value: "true" },
      { label: "swarm.cronjob.schedule", value: "0 2 * * *" },
      { label: "swarm.cronjob.skip-running", value: "true" },
      { label: "team", value: "web" },
    ],
  });
});

test("a task that fails may be started again a few times", () => {
  const restart = { condition: "on-failure", maxAttempts: 3, delaySeconds: 10 } as const;
  expect(dockerSpec({ image: "a", job: nightly, restart }).taskSpec).toMatchObject({
    restartPolicy: { condition: "on-failure", maxAttempts: 3, delay: "10s" },
  });
});

test("an update policy is without effect on a job", () => {
  const spec: ServiceSpec = {
    image: "a",
    job: nightly,
    update: { failureAction: "rollback" },
    rollback: { parallelism: 4 },
  };
  expect(dockerSpec(spec)).toEqual(dockerSpec({ image: "a", job: nightly }));
});

test("the program that starts jobs reads the labels as they are meant", () => {
  const jobs = fc.record({
    schedule: fc.constantFrom("0 2 * * *", "@hourly", "CRON_TZ=Europe/Berlin 0 2 * * *"),
    tasks: fc.option(fc.integer({ min: 1, max: 9 }), { nil: undefined }),
    overlap: fc.constantFrom("skip" as const, "replace" as const, undefined),
    missed: fc.constantFrom("skip" as const, "run" as const, undefined),
    timeLimitSeconds: fc.option(fc.integer({ min: 1, max: 86_400 }), { nil: undefined }),
  });
  fc.assert(
    fc.property(jobs, ({ tasks = 1, overlap = "skip", missed = "skip", timeLimitSeconds: limit, schedule }) => {
      const labels = labelsOf({ schedule, tasks, overlap, missed, timeLimitSeconds: limit });
      const read = readLabels(labels);
      expect(read).toMatchObject({ tasks, overlap, missed });
      expect(read?.limitMs).toBe(limit === undefined ? undefined : limit * 1000);
    }),
  );
});

test.each([
  [{ job: { schedule: "soon" } }, "job.schedule is wrong: 'soon' is no cron expression"],
  [{ job: { ...nightly, tasks: 0 } }, "job.tasks is '0'; allowed: a whole number of at least 1"],
  [{ job: { ...nightly, timeLimitSeconds: 0.5 } }, "job.timeLimitSeconds is '0.5'; allowed: a whole number"],
  [
    { job: nightly, restart: { condition: "on-failure", maxAttempts: 0 } },
    "restart.maxAttempts is '0'; allowed: at least 1: a job that fails is not started again and again",
  ],
  [
    { job: nightly, labels: { "swarm.cronjob.schedule": "* * * * *" } },
    "labels is 'swarm.cronjob.schedule'; allowed: a name that is not a job's; 'job' sets those",
  ],
] as const)("a job %j is refused", (spec, problem) => {
  const [found] = serviceProblems("report", { image: "a", ...spec });
  expect(`${found?.path ?? ""} ${found?.message ?? ""}`).toContain(problem);
});

test("a job that is right is not refused, and labels of jobs are labels elsewhere", () => {
  expect(serviceProblems("report", { image: "a", job: nightly })).toEqual([]);
  expect(serviceProblems("web", { image: "a", labels: { "swarm.cronjob.enable": "true" } })).toEqual([]);
  expect(["swarm.cronjob.x", "swarm-farm.job.missed", "swarm.cronjobs"].map(isJobLabel)).toEqual([true, true, false]);
});

test("what a job is not does not compile", () => {
  // @ts-expect-error: a job ends.
  const again: ServiceSpec = { image: "a", job: nightly, restart: { condition: "any" } };
  // @ts-expect-error: it has no task until it is due.
  const counted: ServiceSpec = { image: "a", job: nightly, mode: { replicas: 1 } };
  // @ts-expect-error: its tasks follow its schedule.
  const scaled: ServiceSpec = { image: "a", job: nightly, autoscale: { min: 1, max: 2, metric: "cpu", target: 1 } };
  // @ts-expect-error: a task that fails is not started forever.
  const endless: ServiceSpec = { image: "a", job: nightly, restart: { condition: "on-failure" } };
  expect([again, counted, scaled, endless]).toHaveLength(4);
});
