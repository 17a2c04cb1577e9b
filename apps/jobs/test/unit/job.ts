import assert from "node:assert/strict";
import { test } from "node:test";
import { readJob } from "../../src/job.ts";

const labels = { "swarm.cronjob.enable": "true", "swarm.cronjob.schedule": "0 2 * * *" };

test("a service without the label is no job", () => {
  assert.equal(readJob({}, "UTC"), undefined);
  assert.equal(readJob({ ...labels, "swarm.cronjob.enable": "false" }, "UTC"), undefined);
});

test("what the labels leave out is what swarm-cronjob does", () => {
  const { schedule, ...rest } = readJob(labels, "UTC") ?? {};
  assert.ok(schedule);
  assert.deepEqual(rest, { tasks: 1, overlap: "replace", missed: "skip", limitMs: undefined });
});

test("every label is read", () => {
  const { schedule, ...rest } =
    readJob(
      {
        ...labels,
        "swarm.cronjob.skip-running": "true",
        "swarm.cronjob.replicas": "3",
        "swarm-farm.job.missed": "run",
        "swarm-farm.job.time-limit-seconds": "90",
      },
      "Europe/Berlin",
    ) ?? {};
  assert.deepEqual(rest, { tasks: 3, overlap: "skip", missed: "run", limitMs: 90_000 });
  assert.equal(schedule?.next(Date.parse("2026-01-01T00:00:00Z")), Date.parse("2026-01-01T01:00:00Z"));
});

test("a wrong label is an error that names it", () => {
  const wrong: readonly (readonly [Readonly<Record<string, string>>, RegExp])[] = [
    [{ "swarm.cronjob.schedule": "soon" }, /'soon' is no cron expression/],
    [{ "swarm.cronjob.skip-running": "yes" }, /skip-running is 'yes'; allowed: true, false/],
    [{ "swarm.cronjob.replicas": "0" }, /replicas is '0'; allowed: a whole number from 1/],
    [{ "swarm-farm.job.missed": "maybe" }, /missed is 'maybe'; allowed: skip, run/],
    [{ "swarm-farm.job.time-limit-seconds": "1h" }, /time-limit-seconds is '1h'/],
  ];
  for (const [more, why] of wrong) assert.throws(() => readJob({ ...labels, ...more }, "UTC"), why);
  assert.throws(() => readJob({ "swarm.cronjob.enable": "true" }, "UTC"), /has no label swarm\.cronjob\.schedule/);
});
