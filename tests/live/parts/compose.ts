import { join } from "node:path";
import { addresses, repository, type TestFarm } from "../farm";
import { until } from "../until";

const minute = 60_000;

/** Compose files whose images `./farm up` builds; tests/faults/applications.test.ts has larger ones. */
export function composeTests(farm: TestFarm): void {
  test("compose files become services: pages stay connected to one, and a job runs on its schedule", async () => {
    const stacks = {
      counter: { file: ["examples/websocket/compose.yaml", "examples/websocket/limits.yaml"] },
      cron: { file: "examples/cron/compose.yaml" },
    };
    farm.configure((config) =>
      config.replace(
        "  swarm-farm:hello:",
        `  swarm-farm:jobs: {}\n  swarm-farm:stacks: ${JSON.stringify(stacks)}\n$&`,
      ),
    );
    const { output } = await farm.ok(["up"], { shown: true });
    // The farm is isolated: the port that the file publishes is forwarded.
    expect(output).toMatch(/^tcp:\/\/127\.0\.0\.1:\d+ {2}counter_counter$/m);
    expect(await farm.docker("stack", "ls", "--format", "{{.Name}} {{.Services}}")).toBe("counter 1\ncron 1");
    // By the labels that docker itself sets.
    expect(await farm.docker("stack", "services", "counter", "--format", "{{.Name}} {{.Replicas}}")).toBe(
      "counter_counter 1/1",
    );
    const tasks = await farm.docker("stack", "ps", "counter", "-f", "desired-state=running", "--format", "{{.Name}}");
    expect(tasks).toBe("counter_counter.1");
    expect((await farm.ok(["stack", "list"])).stdout).toMatch(/^counter +counter +built from \S+ +1 +8094:8080\/tcp$/m);
    const talk = join(repository, "tests", "live", "talk.ts");
    const url = `ws://${addresses.worker1}:8094/`;
    expect((await farm.ok(["run", "--", process.execPath, "--import", "tsx", talk, url])).stdout).toBe("0 1\n");
    const [node = ""] = await farm.runningTasks("counter_counter", "{{.Node}}");
    const inTask = "ulimit -n; cat /sys/fs/cgroup/pids.max; readlink /proc/1/fd/1";
    const container = "$(docker ps -q -f name=counter_counter)";
    const limits = await farm.ok(["ssh", node, `docker exec ${container} busybox sh -c '${inTask}'`]);
    expect(limits.stdout).toMatch(/^4096\n200\n\/dev\/pts\/\d+\n$/);
    const log = () => farm.docker("service", "logs", "--raw", "cron_cron");
    await until("the job's line in its log", async () => /^\S+Z load \d/m.test(await log()), 3 * minute);
  });

  test("compose files that are no longer configured leave nothing in the swarm", async () => {
    farm.configure((config) => config.replace(/^ {2}swarm-farm:(stacks|jobs):.*\n/gm, ""));
    await farm.change();
    const kinds = ["service", "network", "config", "secret"];
    const names = await Promise.all(kinds.map((kind) => farm.docker(kind, "ls", "--format", "{{.Name}}")));
    expect(names.filter((found) => /counter|cron/.test(found))).toEqual([]);
  });
}
