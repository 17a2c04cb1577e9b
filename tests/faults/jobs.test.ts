import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { changedResources, smallConfig, TestFarm } from "../live/farm";
import { until } from "../live/until";

const minute = 60_000;
jest.setTimeout(30 * minute);

/** Four jobs of every minute on an image that every farm has. */
const file = (greeting: string) => `
x-job: &job
  image: swarm-farm/hello
services:
  ok:
    <<: *job
    entrypoint: [/bin/busybox, sh, -c, "echo ${greeting} $$(/bin/busybox date -u +%T)"]
    deploy: &deploy
      replicas: 0
      labels: { swarm.cronjob.enable: "true", swarm.cronjob.schedule: "* * * * *", swarm.cronjob.skip-running: "true" }
      restart_policy: { condition: none }
  slow:
    <<: *job
    entrypoint: [/bin/busybox, sh, -c, "echo begins; /bin/busybox sleep 100; echo ends"]
    deploy: *deploy
  failing:
    <<: *job
    entrypoint: [/bin/busybox, sh, -c, "echo last words; exit 3"]
    deploy: *deploy
  hanging:
    <<: *job
    entrypoint: [/bin/busybox, sh, -c, "echo hangs; exec /bin/busybox sleep 86400"]
    stop_grace_period: 1s
    deploy:
      replicas: 0
      labels:
        swarm.cronjob.enable: "true"
        swarm.cronjob.schedule: "* * * * *"
        swarm.cronjob.skip-running: "true"
        swarm-farm.job.time-limit-seconds: "20"
      restart_policy: { condition: none }
`;

/** Jobs that succeed, overlap, fail and hang; then a scheduler that is away, two at once, and an update during a run. */
describe("a farm that runs jobs", () => {
  const farm = new TestFarm("test-jobs");
  const folder = join(farm.home, "jobs");
  const compose = join(folder, "compose.yaml");

  const configure = (more: object) => {
    const nodes = { manager1: { role: "manager" }, worker1: { role: "worker" } };
    farm.configureAs({ ...smallConfig(nodes), hello: { replicas: 1 }, ...more });
  };
  const write = (greeting: string) => {
    mkdirSync(folder, { recursive: true });
    writeFileSync(compose, file(greeting));
  };
  const log = (service: string) => farm.docker("service", "logs", "--raw", service);
  const lines = async (service: string, text: RegExp) =>
    (await log(service)).split("\n").filter((line) => text.test(line));
  const started = (job: string) => lines("jobs", new RegExp(`shop_${job}: started its run of`));
  const tasks = async (job: string) =>
    (await farm.docker("service", "ps", `shop_${job}`, "--format", "{{.CurrentState}}|{{.DesiredState}}|{{.Error}}"))
      .split("\n")
      .filter(Boolean);
  /** When the counter of forced updates says that the last run was due. */
  const due = async (job: string) =>
    new Date(
      Number(await farm.docker("service", "inspect", `shop_${job}`, "-f", "{{.Spec.TaskTemplate.ForceUpdate}}")) * 500,
    );

  beforeAll(async () => {
    write("hello");
    configure({ jobs: {}, stacks: { shop: { file: compose } } });
    await farm.ok(["up"], { shown: true });
  });

  afterAll(() => farm.end());

  test("a job runs each minute, and what it prints is in its service's log", async () => {
    await until("two runs", async () => (await lines("shop_ok", /^hello \d\d:\d\d:\d\d$/)).length >= 2, 5 * minute);
    expect((await due("ok")).getUTCSeconds()).toBe(0);
    expect((await lines("jobs", /shop_ok: its run of .* succeeded/)).length).toBeGreaterThan(0);
  });

  test("a run that is due while one is under way is left out", async () => {
    await until(
      "a run that is left out",
      async () => (await lines("jobs", /shop_slow: skipped its run of/)).length > 0,
      5 * minute,
    );
    await until(
      "the run that was under way to end by itself",
      async () => (await lines("shop_slow", /^ends$/)).length > 0,
      5 * minute,
    );
  });

  test("a failing run keeps its exit code, is not started again, and doctor shows it", async () => {
    await until(
      "a run that failed",
      async () => (await tasks("failing")).some((task) => /^Failed.*\|Shutdown\|.*non-zero exit \(3\)/.test(task)),
      5 * minute,
    );
    const { status, output } = await until(
      "doctor to see it",
      async () => {
        const shown = await farm.farm(["doctor"]);
        return shown.output.includes("job shop_failing") && shown;
      },
      3 * minute,
    );
    expect(status).toBe(1);
    expect(output).toMatch(
      /job shop_failing: its run of \S+Z failed with exit code 3: .*\.\/farm docker service logs --tail 50 shop_failing/,
    );
    expect(await lines("shop_failing", /^last words$/)).not.toEqual([]);
    const runs = (await started("failing")).length;
    expect((await lines("shop_failing", /^last words$/)).length).toBeLessThanOrEqual(runs + 1);
  });

  test("a run that hangs is stopped at its limit", async () => {
    await until(
      "the stop",
      async () => (await lines("jobs", /shop_hanging: stopped its run of .*more than 20 s/)).length > 0,
      5 * minute,
    );
  });

  test("a preview shows no change after all of these, also after a refresh, and up --refresh stops no run", async () => {
    expect(changedResources((await farm.ok(["preview"])).output)).toEqual([]);
    await until("a slow run", async () => (await tasks("slow")).some((task) => task.startsWith("Running")), 3 * minute);
    const before = await due("slow");
    const { output } = await farm.ok(["up", "--refresh"], { shown: true });
    expect(changedResources(output).filter((name) => name.startsWith("stack-shop"))).toEqual([]);
    if ((await due("slow")).getTime() === before.getTime())
      expect((await tasks("slow"))[0]).toMatch(/^(Running|Complete)/);
    await farm.ok(["refresh", "--yes"]);
    expect(changedResources((await farm.ok(["preview"])).output)).toEqual([]);
  });

  test("a change of a job starts no run by itself", async () => {
    // Each minute is due soon: the job has the first of January for this.
    writeFileSync(
      compose,
      file("changed").replace('swarm.cronjob.schedule: "* * * * *"', 'swarm.cronjob.schedule: "0 0 1 1 *"'),
    );
    const { output } = await farm.ok(["up"], { shown: true });
    expect(changedResources(output)).toEqual(expect.arrayContaining(["stack-shop-ok-service"]));
    expect(changedResources(output)).not.toContain("stack-shop-ok-converged");
    await new Promise((resolve) => setTimeout(resolve, 20_000));
    expect((await tasks("ok")).filter((task) => !/^(Complete|Failed|Shutdown)/.test(task))).toEqual([]);
    expect(await lines("shop_ok", /^changed/)).toEqual([]);
    // By hand it runs at once, and is no difference either.
    await farm.docker("service", "update", "--detach", "--force", "--replicas", "1", "shop_ok");
    await until("the run by hand", async () => (await lines("shop_ok", /^changed/)).length === 1, 3 * minute);
    expect(changedResources((await farm.ok(["preview"])).output)).toEqual([]);
  });

  test("two schedulers at once start each run once", async () => {
    write("twice");
    await farm.ok(["up"], { shown: true });
    await farm.docker("service", "scale", "--detach", "jobs=2");
    await until("two schedulers", async () => (await farm.runningTasks("jobs", "{{.Name}}")).length === 2, 5 * minute);
    await until("three runs", async () => (await lines("shop_ok", /^twice/)).length >= 3, 6 * minute);
    const minutes = (await lines("shop_ok", /^twice/)).map((line) => line.slice(0, "twice 00:00".length));
    expect(new Set(minutes).size).toBe(minutes.length);
    await farm.docker("service", "scale", "--detach", "jobs=1");
  });

  test("without a scheduler no job runs, and doctor says so; one that is back starts the last run", async () => {
    await farm.docker("service", "scale", "--detach", "jobs=0");
    const last = await until(
      "the scheduler to be gone",
      async () => (await farm.runningTasks("jobs", "{{.Name}}")).length === 0 && (await due("ok")),
      3 * minute,
    );
    await new Promise((resolve) => setTimeout(resolve, 2.5 * minute));
    expect(await due("ok")).toEqual(last);
    expect((await farm.farm(["doctor"])).output).toContain("jobs answers on no node: no job is started");
    await farm.docker("service", "scale", "--detach", "jobs=1");
    await until("a run after it", async () => (await due("ok")) > last, 4 * minute);
  });

  test("jobs go with their stack, and the program with its key", async () => {
    configure({});
    await farm.ok(["up", "--yes"], { shown: true });
    const kinds = ["service", "network", "config"];
    const names = await Promise.all(kinds.map((kind) => farm.docker(kind, "ls", "--format", "{{.Name}}")));
    expect(
      names
        .join("\n")
        .split("\n")
        .filter((name) => /^(shop|jobs)/.test(name)),
    ).toEqual([]);
  });
});
