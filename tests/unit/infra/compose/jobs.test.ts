import { describe as toText } from "../../../../compose";
import { jobProblems, jobRemarks } from "../../../../infra/compose/job-rules";
import { jobOf } from "../../../../infra/compose/spec/job";
import { idleJobs } from "../../../../stacks/compose/idle-jobs";
import { applicationOf } from "../../../support/compose/application";
import { service, type Case } from "../../../support/compose/cases";

async function servicesOf(one: Case) {
  const read = await applicationOf(one);
  if (read.kind === "refused") throw new Error(read.problems.map(toText).join("\n"));
  return read.application.services;
}

const problemsOf = async (one: Case) => jobProblems(await servicesOf(one)).map(toText);
const remarksOf = async (one: Case) => jobRemarks(await servicesOf(one)).map(toText);

/** A service `web` with labels of a job, and what else its `deploy` has. */
function job(labels = "", deploy = "", rest = ""): Case {
  return service(
    `deploy:\n  labels: {swarm.cronjob.enable: "true", swarm.cronjob.schedule: "0 2 * * *"${labels}}\n${deploy}`,
    rest,
  );
}

test("the file of swarm-cronjob's first page is a job as it is", async () => {
  const file = service(
    `command: date
deploy:
  mode: replicated
  replicas: 0
  labels:
    - "swarm.cronjob.enable=true"
    - "swarm.cronjob.schedule=* * * * *"
    - "swarm.cronjob.skip-running=false"
  restart_policy:
    condition: none`,
  );
  expect(await problemsOf(file)).toEqual([]);
  expect((await servicesOf(file)).map(jobOf)).toEqual([{ schedule: "* * * * *", overlap: "replace", missed: "skip" }]);
});

test("every label is read", async () => {
  const labels = `, swarm.cronjob.skip-running: "true", swarm.cronjob.replicas: "2", swarm-farm.job.missed: run, swarm-farm.job.time-limit-seconds: "90", swarm.cronjob.registry-auth: "true"`;
  expect(await problemsOf(job(labels))).toEqual([]);
  expect((await servicesOf(job(labels))).map(jobOf)).toEqual([
    { schedule: "0 2 * * *", tasks: 2, overlap: "skip", missed: "run", timeLimitSeconds: 90 },
  ]);
});

test("a service without the label, or with another value, is no job", async () => {
  const off = service('deploy: {replicas: 3, labels: {swarm.cronjob.enable: "false"}}');
  expect([...(await servicesOf(off)).map(jobOf), ...(await problemsOf(off))]).toEqual([undefined]);
  expect(await problemsOf(service("deploy: {mode: global}"))).toEqual([]);
});

const labelsAt = "compose.yaml:5: services.web.deploy.labels:";

test.each([
  [
    job(', swarm.cronjob.skip-running: "yes"'),
    `${labelsAt} swarm.cronjob.skip-running: is 'yes'; write 'true' or 'false'`,
  ],
  [job(', swarm.cronjob.replicas: "0"'), `${labelsAt} swarm.cronjob.replicas: is '0'; write a whole number from 1`],
  [job(", swarm-farm.job.missed: maybe"), `${labelsAt} swarm-farm.job.missed: is 'maybe'; write 'skip' or 'run'`],
  [
    job(", swarm-farm.job.time-limit-seconds: 1h"),
    `${labelsAt} swarm-farm.job.time-limit-seconds: is '1h'; write a whole number from 1`,
  ],
  [
    job(', swarm.cronjob.skiprunning: "true"'),
    `${labelsAt} swarm.cronjob.skiprunning: is no label of a job; the nearest is swarm.cronjob.skip-running`,
  ],
  [
    service('deploy:\n  labels: {swarm.cronjob.enable: "true", swarm.cronjob.schedule: "61 * * * *"}'),
    `${labelsAt} swarm.cronjob.schedule: '61 * * * *' is no cron expression: Invalid value for minute: 61; write five fields, e.g. '0 2 * * *', or '@daily'; correct it`,
  ],
  [
    service('deploy:\n  labels: {swarm.cronjob.enable: "true"}'),
    `${labelsAt} it is a job without a schedule; add the label swarm.cronjob.schedule, e.g. '0 2 * * *'`,
  ],
  [
    service('deploy:\n  labels: {swarm.cronjob.enable: "yes"}'),
    `${labelsAt} swarm.cronjob.enable: is 'yes'; write 'true' or 'false'`,
  ],
  [
    job("", "  replicas: 1"),
    "compose.yaml:6: services.web.deploy.replicas: a job is started when it is due, not when it is deployed; write 0, and the tasks of each run in the label swarm.cronjob.replicas",
  ],
  [
    job("", "  mode: global"),
    "compose.yaml:6: services.web.deploy.mode: a job cannot have mode 'global'; leave 'mode' out; swarm.cronjob.replicas is the number of tasks",
  ],
  [
    job("", "  restart_policy: {condition: any}"),
    "compose.yaml:6: services.web.deploy.restart_policy: a job ends, and Swarm would start its tasks again forever; use 'none', or 'on-failure' with 'max_attempts'",
  ],
  [
    job("", "  restart_policy: {condition: on-failure}"),
    "compose.yaml:6: services.web.deploy.restart_policy: a job that fails would be started again forever; add 'max_attempts', or use 'none'",
  ],
  [
    service('restart: always\ndeploy: {labels: {swarm.cronjob.enable: "true", swarm.cronjob.schedule: "@daily"}}'),
    "compose.yaml:4: services.web.restart: a job ends, and Swarm would start its tasks again forever; use 'none', or 'on-failure' with 'max_attempts'",
  ],
  [
    service('labels: {swarm.cronjob.enable: "true"}'),
    "compose.yaml:4: services.web.labels: swarm.cronjob.enable is a label of the container, where no scheduler reads it; write it under 'deploy.labels'",
  ],
  [
    job("", "", "  after: {image: b, depends_on: {web: {condition: service_completed_successfully}}}\n"),
    "compose.yaml:7: services.after.depends_on: 'web' is a job, which runs on its schedule alone; remove it, or write 'service_started'",
  ],
  [
    job("", "", "  cron: {image: 'crazymax/swarm-cronjob:1.13'}\n"),
    "compose.yaml:7: services.cron.image: it would start each job a second time; remove the service",
  ],
])("refuses %j", async (file, problem) => {
  expect(await problemsOf(file)).toEqual([problem]);
});

test("a job that fails may be started again a few times, and others may follow its service", async () => {
  const restart = "  restart_policy: {condition: on-failure, max_attempts: 2}";
  expect(await problemsOf(job("", restart, "  after: {image: b, depends_on: [web]}\n"))).toEqual([]);
});

test("a secret label is refused", async () => {
  const [web] = await servicesOf(job());
  const secret = { parts: [{ variable: "WHEN" }] };
  const found =
    web && jobProblems([{ ...web, serviceLabels: { ...web.serviceLabels, "swarm.cronjob.schedule": secret } }]);
  expect(found?.map(toText)).toEqual([
    `${labelsAt} swarm.cronjob.schedule: it is secret, and labels are not; write it in the file`,
  ]);
});

test("a preview warns of policies without effect", async () => {
  expect(await remarksOf(job())).toEqual([]);
  expect(await remarksOf(service("deploy: {update_config: {parallelism: 2}}"))).toEqual([]);
  expect(await remarksOf(job("", "  update_config: {parallelism: 2}"))).toEqual([
    "compose.yaml:6: services.web.deploy.update_config: all tasks of a run start at once; remove it",
  ]);
});

test("a farm that starts no job warns, unless the file has a scheduler", async () => {
  expect(idleJobs(await servicesOf(job()))).toEqual([
    `${labelsAt} the farm does not start it by its label swarm.cronjob.enable; add 'jobs: {}' to the configuration, unless you run a scheduler of your own`,
  ]);
  expect(idleJobs(await servicesOf(service("")))).toEqual([]);
  expect(idleJobs(await servicesOf(job("", "", "  cron: {image: 'crazymax/swarm-cronjob:1.13'}\n")))).toEqual([]);
});
