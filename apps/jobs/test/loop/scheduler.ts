import assert from "node:assert/strict";
import { test } from "node:test";
import { serviceSpec } from "@swarm-farm/docker-api/fake";
import { eachMinute, Farm } from "../farm.ts";

/** The one task that runs. */
function aliveOf(farm: Farm) {
  const [task] = farm.swarm.alive();
  assert.ok(task);
  return task;
}

test("a job runs each minute, and its end is logged", async () => {
  const farm = await Farm.start();
  farm.declare("shop_report");
  const { scheduler, lines } = farm.scheduler();
  await scheduler.look();
  assert.deepEqual([farm.swarm.tasks.size, scheduler.nextDue()], [0, farm.now() + 60_000]);
  for (const exitCode of [0, 3]) {
    farm.pass(60);
    await scheduler.look();
    farm.swarm.finish(aliveOf(farm), exitCode);
    await scheduler.look();
    await scheduler.look();
  }
  assert.deepEqual(lines, [
    "shop_report: started its run of 2026-03-10T12:01:00Z",
    "shop_report: its run of 2026-03-10T12:01:00Z succeeded",
    "shop_report: started its run of 2026-03-10T12:02:00Z",
    "shop_report: its run of 2026-03-10T12:02:00Z failed: task: non-zero exit (3)",
  ]);
});

test("an overlapping run is skipped, and the next one after the end is started", async () => {
  const farm = await Farm.start();
  const job = farm.declare("shop_report");
  const { scheduler, lines, metrics } = farm.scheduler();
  farm.pass(60);
  await scheduler.look();
  farm.pass(60);
  await scheduler.look();
  await scheduler.look();
  assert.equal(
    lines.at(-1),
    "shop_report: skipped its run of 2026-03-10T12:02:00Z: the one of 2026-03-10T12:01:00Z is under way",
  );
  assert.match(await metrics.registry.metrics(), /swarm_farm_job_skipped\{service="shop_report"\} 1/);
  farm.swarm.finish(aliveOf(farm), 0);
  farm.pass(60);
  await scheduler.look();
  assert.equal(farm.swarm.tasksCreated.get(job.id), 2);
});

test("a run that is replaced makes way", async () => {
  const farm = await Farm.start();
  farm.declare("shop_report", { ...eachMinute, "swarm.cronjob.skip-running": "false" });
  const { scheduler, lines } = farm.scheduler();
  farm.pass(60);
  await scheduler.look();
  farm.pass(60);
  await scheduler.look();
  farm.pass(10);
  assert.deepEqual(
    [...farm.swarm.tasks.values()].map(({ state }) => state),
    ["shutdown", "running"],
  );
  assert.match(lines.at(-1) ?? "", /it replaces the run of 2026-03-10T12:01:00Z, which was under way/);
});

test("a scheduler that was away misses old runs, and another one knows what the first did", async () => {
  const farm = await Farm.start();
  const labels = { ...eachMinute, "swarm.cronjob.schedule": "0 * * * *" };
  farm.declare("shop_skip", labels);
  farm.declare("shop_run", { ...labels, "swarm-farm.job.missed": "run" });
  farm.pass(3 * 3_600 + 1_800);
  const { scheduler, lines } = farm.scheduler();
  await scheduler.look();
  const late = [
    "shop_run: started its run of 2026-03-10T15:00:00Z",
    "shop_skip: missed its run of 2026-03-10T15:00:00Z",
  ];
  assert.deepEqual(lines, late);
  const other = farm.scheduler();
  await other.scheduler.look();
  assert.deepEqual(other.lines, late.slice(1));
});

test("two schedulers at once start each run once", async () => {
  const farm = await Farm.start();
  const job = farm.declare("shop_report");
  const all = [farm.scheduler(), farm.scheduler(), farm.scheduler()];
  for (let run = 1; run <= 5; run++) {
    farm.pass(60);
    for (let look = 1; look <= 2; look++) await Promise.all(all.map(({ scheduler }) => scheduler.look()));
    assert.equal(farm.swarm.tasksCreated.get(job.id), run);
    farm.swarm.finish(aliveOf(farm), 0);
    await Promise.all(all.map(({ scheduler }) => scheduler.look()));
  }
  assert.equal(farm.swarm.tasksCreated.get(job.id), 5);
});

test("a run that hangs is stopped at its limit, and is a failed one", async () => {
  const farm = await Farm.start();
  farm.declare("shop_report", { ...eachMinute, "swarm-farm.job.time-limit-seconds": "90" });
  const { scheduler, lines, metrics } = farm.scheduler();
  farm.pass(60);
  await scheduler.look();
  farm.pass(90);
  await scheduler.look();
  await scheduler.look();
  assert.equal(lines.at(-1), "shop_report: stopped its run of 2026-03-10T12:01:00Z, which took more than 90 s");
  assert.deepEqual([farm.swarm.tasks.size, scheduler.statuses[0]?.run.state], [0, "stopped"]);
  assert.match(await metrics.registry.metrics(), /swarm_farm_job_last_run_failed\{service="shop_report"\} 1/);
  farm.pass(60);
  await scheduler.look();
  assert.deepEqual([farm.swarm.tasks.size, scheduler.statuses[0]?.run.state], [1, "stopped"]);
  await scheduler.look();
  assert.equal(scheduler.statuses[0]?.run.state, "running");
});

test("an update by Pulumi starts nothing, and the job goes on at its next due time", async () => {
  const farm = await Farm.start();
  const job = farm.declare("shop_report");
  const declared = job.spec;
  const { scheduler } = farm.scheduler();
  farm.pass(60);
  await scheduler.look();
  farm.pass(20);
  farm.swarm.change(job, {
    ...declared,
    TaskTemplate: { ...declared.TaskTemplate, ContainerSpec: { Image: "other" } },
  });
  await scheduler.look();
  assert.deepEqual([farm.swarm.tasks.size, scheduler.statuses[0]?.run.state], [0, "none"]);
  farm.pass(40);
  await scheduler.look();
  assert.equal(farm.swarm.tasks.size, 1);
});

test("a service with wrong labels is reported and left alone; others run", async () => {
  const farm = await Farm.start();
  farm.declare("shop_a", { ...eachMinute, "swarm.cronjob.schedule": "soon" });
  farm.swarm.addService(serviceSpec("shop_b", { labels: eachMinute, global: true }));
  farm.declare("shop_c");
  const { scheduler, lines, metrics } = farm.scheduler();
  farm.pass(60);
  await scheduler.look();
  assert.deepEqual(
    scheduler.statuses.map(({ service, problem }) => [service, problem]),
    [
      ["shop_a", "'soon' is no cron expression"],
      ["shop_b", "it is not replicated"],
      ["shop_c", undefined],
    ],
  );
  assert.equal(lines[0], "shop_a: is never started: 'soon' is no cron expression");
  assert.match(await metrics.registry.metrics(), /swarm_farm_job_wrong\{service="shop_a"\} 1/);
});

test("a Docker that refuses is asked again; one that is away is an error of the look", async () => {
  const farm = await Farm.start();
  farm.declare("shop_report");
  const { scheduler, lines } = farm.scheduler();
  farm.pass(60);
  farm.daemon.fault = (method) => (method === "POST" ? "refuse" : undefined);
  await scheduler.look();
  assert.match(lines.at(-1) ?? "", /shop_report: could not be changed: Docker answers POST [^]* 400/);
  farm.daemon.fault = () => undefined;
  await scheduler.look();
  assert.equal(farm.swarm.tasks.size, 1);
  farm.daemon.failing = 500;
  await assert.rejects(scheduler.look(), /does not have a leader/);
});

test("a job that is removed is forgotten", async () => {
  const farm = await Farm.start();
  const job = farm.declare("shop_report");
  const { scheduler, metrics } = farm.scheduler();
  await scheduler.look();
  farm.swarm.removeService(job);
  await scheduler.look();
  assert.deepEqual([scheduler.statuses, scheduler.nextDue()], [[], undefined]);
  assert.doesNotMatch(await metrics.registry.metrics(), /shop_report/);
});
