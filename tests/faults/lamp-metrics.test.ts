import { z } from "zod";
import { addresses, changedResources, origin, smallConfig, TestFarm } from "../live/farm";
import { until } from "../live/until";

const minute = 60_000;
jest.setTimeout(30 * minute);

const api = `https://${addresses.manager1}/monitoring/api/v1`;

const Result = z.object({
  data: z.object({ result: z.array(z.object({ value: z.tuple([z.number(), z.string()]) })) }),
});

/** A farm with LAMP is watched: php and mysql say what they do, and nobody outside reads it. */
describe("php and mysql of a farm that is watched", () => {
  const farm = new TestFarm("test-lamp-metrics");
  const nodes = {
    manager1: { role: "manager", memoryMiB: 1536 },
    worker1: { role: "worker", memoryMiB: 1536, labels: { db: "true" } },
  };
  const config = { ...smallConfig(nodes), hello: { replicas: 1 }, lamp: {}, loadbalancer: {} };
  // Nothing listens there: a host that is down.
  const targets = { gone: { address: "10.77.0.1:9100", kind: "hypervisor" } };
  let password = "";

  /** The first number that a query gives; undefined without one. */
  const query = async (of: string) => {
    const ask = ["-k", "-u", `admin:${password}`, "-G", `${api}/query`, "--data-urlencode", `query=${of}`];
    const { stdout } = await farm.tryCurl(ask);
    const value = Result.parse(JSON.parse(stdout)).data.result[0]?.value[1];
    return value === undefined ? undefined : Number(value);
  };
  const tasks = (service: string) =>
    farm.docker("service", "ps", service, "-q", "--no-trunc", "--filter", "desired-state=running");

  beforeAll(async () => {
    farm.configureAs(config);
    await farm.ok(["up"], { shown: true });
  });
  afterAll(() => farm.end());

  test("monitoring adds two exporters, rolls php, and touches neither mysql nor nginx", async () => {
    const before = [await tasks("lamp-mysql"), await tasks("lamp-nginx")];
    farm.configureAs({ ...config, monitoring: { targets } });
    const { output } = await farm.ok(["up", "--yes"], { shown: true });
    const changed = changedResources(output).filter((name) => /^lamp-(mysql|nginx)(-service|-password)?$/.test(name));
    expect(changed).toEqual([]);
    expect([await tasks("lamp-mysql"), await tasks("lamp-nginx")]).toEqual(before);
    expect(changedResources((await farm.ok(["preview"])).output)).toEqual([]);
    password = (await farm.ok(["secret", "admin"])).stdout.trim();
  });

  test.each([
    ["mysql_up", 1, 1],
    ["mysql_global_status_threads_connected / mysql_global_variables_max_connections", 0.001, 1],
    ["count(phpfpm_up == 1)", 2, 2],
    ["sum(phpfpm_total_processes)", 2, 16],
    ["sum(phpfpm_listen_queue) >= 0", 0, 1000],
    ["count(up == 0) == 1 and count(up{kind='hypervisor'} == 0) == 1", 1, 1],
  ])("%s has data", async (of, least, most) => {
    await until(`data of ${of}`, async () => (await query(of)) !== undefined, 5 * minute);
    const value = await query(of);
    expect(value).toBeGreaterThanOrEqual(least);
    expect(value).toBeLessThanOrEqual(most);
  });

  test("no path of a client is php-fpm's own page", async () => {
    for (const path of ["/status", "/../status", "/%2e%2e/status?json", "//../status", "/ping"]) {
      const answer = (await farm.tryCurl(["-k", "--path-as-is", "-w", "%{http_code}", `${origin}${path}`])).stdout;
      expect([path, answer]).toEqual([path, expect.stringMatching(/40[04]$/)]);
      expect(answer).not.toMatch(/accepted conn|phpfpm_|pong/);
    }
  });

  test("a host that gives no metrics is an alert with what to do", async () => {
    const fires = async () => (await farm.farm(["doctor"])).output;
    await until(
      "HostDown in doctor",
      async () => (await fires()).includes("alert HostDown: hypervisor gone"),
      10 * minute,
    );
  });
});
