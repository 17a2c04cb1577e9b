import { changedResources, origin, smallConfig, TestFarm } from "../live/farm";
import { Load } from "../live/under-load";
import { until } from "../live/until";

const minute = 60_000;
jest.setTimeout(30 * minute);

const worker = { role: "worker" };
const nodes = { manager1: { role: "manager", vcpu: 2 }, worker1: worker, worker2: worker };
const policy = {
  min: 2,
  max: 5,
  metric: "requests",
  target: 2,
  upCooldownSeconds: 15,
  downCooldownSeconds: 60,
};

/** A worker is lost under load and comes back; load comes and goes. */
describe("a farm with a steward", () => {
  const farm = new TestFarm("test-heal");
  const configure = (hello: object) => {
    farm.configureAs({
      ...smallConfig(nodes),
      hello: { port: 8080, replicas: 6, ...hello },
      loadbalancer: {},
      // Time enough to ask what it will do.
      steward: { stabilizationSeconds: 60 },
    });
  };
  /** How many tasks of hello run on each node, by name; a task on a dead node is not counted. */
  const spread = async () => {
    const tasks = await farm.runningTasks("hello", "{{.Node}} {{.CurrentState}}");
    const on = tasks.filter((line) => line.includes(" Running ")).map((line) => line.split(" ")[0] ?? "");
    return Object.fromEntries(Object.keys(nodes).map((name) => [name, on.filter((node) => node === name).length]));
  };
  const isSpread = async (...counts: readonly number[]) => {
    expect(Object.values(await spread())).toEqual(counts);
    return true;
  };
  const state = async (node: string) => farm.docker("node", "inspect", node, "-f", "{{.Status.State}}");
  const replicas = async () =>
    Number(await farm.docker("service", "inspect", "hello", "-f", "{{.Spec.Mode.Replicated.Replicas}}"));
  const load = (min: number, pauseMs: number, clients = 2) =>
    Load.start(farm, `${origin}/hello/`, { min, max: 20_000, pauseMs, clients });
  const say = (text: string) => process.stdout.write(`${text}\n`);
  const seconds = (since: number) => `${String(Math.round((Date.now() - since) / 1000))} s`;

  const noneFailed = async (what: string, requests: Load) => {
    const { sent, failures, slowest } = await requests.stop();
    say(
      `${what}: ${String(failures.length)} of ${String(sent)} requests failed, the slowest answer took ${String(slowest)} s`,
    );
    expect(failures).toEqual([]);
  };

  beforeAll(async () => {
    configure({});
    await farm.ok(["up"], { shown: true });
    await farm.trustAuthority();
  });

  afterAll(() => farm.end());

  test("a worker is lost under load: its tasks run elsewhere; the number of failed requests is printed", async () => {
    await until("six tasks", () => isSpread(2, 2, 2));
    const requests = load(50, 500);
    const since = Date.now();
    await farm.virsh("destroy", "test-heal.worker2");
    await until("the tasks of worker2 to run elsewhere", () => isSpread(3, 3, 0), 5 * minute);
    say(`lost worker: its tasks ran elsewhere after ${seconds(since)}`);
    await noneFailed("lost worker", requests);
  });

  test("Swarm moves no task back to a returned worker; stewards that are killed rebalance the tasks without a failed request", async () => {
    const requests = load(50, 500);
    await farm.docker("service", "scale", "--detach", "steward=2");
    await farm.virsh("start", "test-heal.worker2");
    await until("worker2 to be back", async () => (await state("worker2")) === "ready", 5 * minute);
    const since = Date.now();
    expect(await spread()).toMatchObject({ worker2: 0 });
    expect((await farm.ok(["rebalance", "--dry-run"])).stdout).toMatch(/would move: .*hello/);
    const memory = () =>
      farm.docker("config", "inspect", "swarm-farm-steward", "-f", '{{index .Spec.Labels "memory"}}');
    await until("a move to begin", async () => (await memory()).includes('"move"'), 5 * minute);
    say(`returned worker: a move began after ${seconds(since)}`);
    const stewards = "docker ps -q --filter label=com.docker.swarm.service.name=steward";
    await farm.ok(["ssh", "manager1", `docker kill $(${stewards})`]);
    await until("the stewards to spread the tasks", () => isSpread(2, 2, 2), 8 * minute);
    say(`returned worker: balance after ${seconds(since)}, both stewards killed once`);
    await noneFailed("returned worker", requests);
    await until("the move to be over", async () => !(await memory()).includes('"move"'), 2 * minute);
    await farm.docker("service", "scale", "--detach", "steward=1");
    expect(await replicas()).toBe(6);
    // Nothing is left to be done, and nothing is moved to and fro.
    expect((await farm.ok(["rebalance", "--dry-run"])).stdout).not.toContain("would move");
    expect((await farm.farm(["doctor"])).stdout).toMatch(/^nothing is wrong/);
  });

  test("load scales a service up, up does not reset it, and idle time scales it down", async () => {
    configure({ replicas: 2, autoscale: policy });
    await farm.ok(["up"], { shown: true });
    await until("two tasks at first", async () => (await replicas()) <= 3, 5 * minute);
    const requests = load(100, 200, 4);
    const since = Date.now();
    await until("more tasks", async () => (await replicas()) >= 4, 5 * minute);
    say(`load: ${String(await replicas())} tasks asked for after ${seconds(since)}`);
    const grown = await replicas();
    expect(changedResources((await farm.ok(["preview"])).output)).toEqual([]);
    // Another change of the service while it is scaled: the count stays.
    configure({ replicas: 2, autoscale: { ...policy, downCooldownSeconds: 61 } });
    await farm.ok(["up"]);
    expect(await replicas()).toBeGreaterThanOrEqual(grown);
    await noneFailed("load", requests);
    await until("fewer tasks", async () => (await replicas()) === policy.min, 6 * minute);
  });

  test("a service is scaled by the CPU usage of its tasks, too", async () => {
    // Tasks that only answer their health checks use a hundredth of a core.
    configure({ replicas: 2, autoscale: { ...policy, max: 4, metric: "cpu", target: 0.04 } });
    await farm.ok(["up"], { shown: true });
    expect(await replicas()).toBe(policy.min);
    const requests = load(100, 200, 4);
    const since = Date.now();
    await until("more tasks", async () => (await replicas()) > policy.min, 5 * minute);
    say(`cores: ${String(await replicas())} tasks asked for after ${seconds(since)}`);
    await noneFailed("cores", requests);
    await until("fewer tasks", async () => (await replicas()) === policy.min, 6 * minute);
  });

  test("without Prometheus nothing is scaled, and the steward logs it", async () => {
    await farm.docker("service", "scale", "--detach", "prometheus=0");
    const before = await replicas();
    const logs = async () => (await farm.ok(["docker", "service", "logs", "--tail", "50", "steward"])).output;
    await until(
      "the steward to say so",
      async () => /hello.*(prometheus|Prometheus|no data)/.test(await logs()),
      3 * minute,
    );
    expect(await replicas()).toBe(before);
  });
});
