import type { ChildProcess } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { addresses, changedResources, smallConfig, TestFarm } from "../live/farm";
import { until } from "../live/until";
import { Answer, queriesOf, withoutData } from "../support/dashboard-queries";
import { startBeside } from "./beside";

const minute = 60_000;
jest.setTimeout(30 * minute);

const gateway = "10.77.0.1";
const monitoring = `https://${addresses.manager1}/monitoring/api/v1`;

const Targets = z.object({
  data: z.object({
    activeTargets: z.array(
      z.object({ labels: z.record(z.string(), z.string()), health: z.string(), lastError: z.string() }),
    ),
  }),
});
const Message = z.object({
  alerts: z.array(
    z.object({
      status: z.string(),
      labels: z.record(z.string(), z.string()),
      annotations: z.record(z.string(), z.string()),
    }),
  ),
});

/** A farm that exists is watched and backed up by two keys; then a node is lost, and a volume. */
describe("a farm that is watched and backed up", () => {
  const farm = new TestFarm("test-keeping");
  const [urlFile, alertsFile] = ["url", "alerts"].map((file) => join(farm.home, file)) as [string, string];
  let webhook: ChildProcess | undefined;
  let password = "";

  const config = {
    ...smallConfig({ manager1: { role: "manager", memoryMiB: 2048 }, worker1: { role: "worker" } }),
    steward: {},
    // A dashboard shows the bound of a service that is scaled.
    hello: { replicas: 2, autoscale: { min: 2, max: 3, metric: "cpu", target: 1 } },
    loadbalancer: {},
    visualizer: {},
  };
  const kept = "/var/lib/docker/volumes/kept/_data/file";
  const on = async (node: string, command: string) => (await farm.ok(["ssh", node, command])).stdout.trim();
  const targets = async () =>
    Targets.parse(JSON.parse((await farm.tryCurl(["-k", "-u", `admin:${password}`, `${monitoring}/targets`])).stdout))
      .data.activeTargets;
  /** The alerts of one name that were received, as STATUS. */
  const received = (name: string) =>
    (existsSync(alertsFile)
      ? readFileSync(alertsFile, "utf8")
          .split("\n")
          .filter((line) => line !== "")
      : []
    )
      .flatMap((line) => Message.parse(JSON.parse(line)).alerts)
      .filter(({ labels }) => labels.alertname === name);

  beforeAll(async () => {
    farm.configureAs(config);
    await farm.ok(["up"], { shown: true });
    await on("worker1", `docker volume create kept && echo first >${kept}`);
    webhook = await startBeside(farm, "keeping/webhook.ts", [gateway, urlFile, alertsFile], urlFile);
  });

  afterAll(async () => {
    webhook?.kill("SIGKILL");
    await farm.end();
  });

  test("up deploys both, touches no service that was there but the load balancer, and a preview shows nothing", async () => {
    farm.configureAs({
      ...config,
      monitoring: { alerts: { receivers: { pager: { webhook: {} } }, receiver: "pager" } },
      backups: {
        to: { folder: "/var/backups/farm" },
        volumes: ["kept", { name: "monitoring-prometheus", copy: "snapshot" }],
      },
    });
    const url = "swarm-farm:monitoring.alerts.receivers.pager.webhook.url";
    await farm.ok(["pulumi", "config", "set", "--path", "--secret", url, readFileSync(urlFile, "utf8")]);
    const { output } = await farm.ok(["up", "--yes"], { shown: true });
    expect(changedResources(output).filter((name) => /^(hello|registry-server)/.test(name))).toEqual([]);
    expect(changedResources((await farm.ok(["preview"])).output)).toEqual([]);
    password = (await farm.ok(["secret", "admin"])).stdout.trim();
  });

  test("Prometheus reads every target, behind a login", async () => {
    expect((await farm.tryCurl(["-k", "-o", "/dev/null", "-w", "%{http_code}", `${monitoring}/targets`])).stdout).toBe(
      "401",
    );
    const down = async () => (await targets()).filter(({ health }) => health !== "up");
    await until("every target to be up", async () => (await down()).length === 0, 5 * minute).catch(async () => {
      expect(await down()).toEqual([]);
    });
    const jobs = new Set((await targets()).map(({ labels }) => labels.job));
    process.stdout.write(`jobs: ${[...jobs].join(", ")}\n`);
    expect(jobs.size).toBeGreaterThanOrEqual(4);
  });

  test("a node that is off is reported with what to do, and once more when it is back", async () => {
    const domain = "test-keeping.worker1";
    await farm.virsh("destroy", domain);
    await until("NodeDown to be received", () => Promise.resolve(received("NodeDown").length > 0), 10 * minute);
    const [alert] = received("NodeDown");
    expect(JSON.stringify(alert)).toContain("worker1");
    expect(JSON.stringify(alert?.annotations)).toContain("./farm");
    await farm.virsh("start", domain);
    const isOver = () => received("NodeDown").some(({ status }) => status === "resolved");
    await until("the end of NodeDown", () => Promise.resolve(isOver()), 15 * minute);
  });

  test("a volume is backed up, listed and restored, and what it had is kept beside it", async () => {
    await until(
      "worker1's Docker",
      async () => (await farm.farm(["ssh", "worker1", "docker info"])).status === 0,
      5 * minute,
    );
    const isBackedUp = async () =>
      (await farm.farm(["ssh", "worker1", "systemctl start swarm-farm-backups"])).status === 0;
    await until("a backup of worker1", isBackedUp, 10 * minute);
    await on("worker1", `echo second >${kept}`);
    const { stdout } = await farm.ok(["backup", "list"]);
    const id = /^(worker1:\w+) .*volume:kept$/m.exec(stdout)?.[1] ?? "";
    expect(id).not.toBe("");
    await farm.ok(["restore", id, "--yes"], { shown: true });
    expect(await on("worker1", `cat ${kept}`)).toBe("first");
    expect(await on("worker1", "cat /var/lib/docker/volumes/kept/before-restore-*/file")).toBe("second");
  });

  test("a manager's backup has the swarm's state, and Prometheus stands still only while its volume is copied", async () => {
    const task = await on("manager1", "docker ps -q --filter name=monitoring-prometheus.1");
    await farm.ok(["ssh", "manager1", "systemctl start swarm-farm-backups"]);
    const journal = await on("manager1", "journalctl -u swarm-farm-backups --no-pager -n 20");
    process.stdout.write(`${journal}\n`);
    expect(journal).toMatch(/1 containers stood still for \d+ s/);
    expect(await on("manager1", "docker ps -q --filter name=monitoring-prometheus.1")).toBe(task);
    const { stdout } = await farm.ok(["backup", "list"]);
    expect(stdout).toMatch(/^manager1:\w+ .*swarm:state$/m);
    expect(stdout).toMatch(/^manager1:\w+ .*volume:monitoring-prometheus$/m);
  });

  test("every query of every panel of the dashboards returns data", async () => {
    const all = JSON.parse((await farm.ok(["dashboards"])).stdout) as Record<string, unknown>;
    const login = ["-k", "-u", `admin:${password}`];
    const resultsOf = async (expression: string) => {
      const query = ["-G", `${monitoring}/query`, "--data-urlencode", `query=${expression}`];
      return Answer.parse(JSON.parse((await farm.tryCurl([...login, ...query])).stdout)).data.result.length;
    };
    const chosen = { node: "manager1", service: "hello", route: "hello" };
    let missing = ["not asked"];
    const isWhole = async () => {
      await farm.tryCurl(["-k", `https://${addresses.manager1}/hello/`]);
      missing = await withoutData(queriesOf(all), chosen, resultsOf);
      return missing.length === 0;
    };
    await until("data for every panel", isWhole, 10 * minute).catch(() => {
      expect(missing).toEqual([]);
    });
    process.stdout.write(`${String(queriesOf(all).length)} queries of ${String(Object.keys(all).length)} dashboards\n`);
  });

  test("a backup that failed is an alert: it is sent, and doctor and the visualizer show it", async () => {
    // The folder itself is in the task, wherever it is moved.
    await on("worker1", "mv /var/backups/farm/worker1 /var/backups/away");
    expect((await farm.farm(["ssh", "worker1", "systemctl start swarm-farm-backups"])).status).not.toBe(0);
    await until("BackupFailed to be received", () => Promise.resolve(received("BackupFailed").length > 0), 10 * minute);
    const { output } = await farm.farm(["doctor"]);
    expect(output).toContain("the repository is gone from the target");
    expect(output).toContain("alert BackupFailed: the last backup of node worker1 failed");
    const page = await farm.tryCurl([
      "-k",
      "-u",
      `admin:${password}`,
      `https://${addresses.manager1}/visualizer/state`,
    ]);
    expect(page.stdout).toContain('"name":"BackupFailed"');
  });
});
