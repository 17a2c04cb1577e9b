import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ComposeStack } from "../../infra/compose/compose-stack";
import { withNames } from "../support/configs";
import { find, listing, record, type Registered } from "../support/mocks";
import { swarmOf } from "../support/samples";

const nightly = `
services:
  report:
    image: shop/report:1
    deploy:
      replicas: 0
      labels: { swarm.cronjob.enable: "true", swarm.cronjob.schedule: "0 2 * * *", team: web }
      restart_policy: { condition: on-failure, max_attempts: 2 }
`;

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "compose-job-"));
});

afterAll(() => {
  rmSync(folder, { recursive: true });
});

/** Resources of the stack `shop` with this file. */
async function stackOf(text: string, scheduled: boolean): Promise<Registered[]> {
  writeFileSync(join(folder, "compose.yaml"), text);
  let failed: unknown;
  const all = await record(() => {
    try {
      new ComposeStack("shop", { swarm: swarmOf(withNames("manager1")), folder, file: "compose.yaml", scheduled });
    } catch (error) {
      failed = error;
    }
  });
  if (failed !== undefined) throw failed as Error;
  return all.filter(({ name }) => name.startsWith("shop"));
}

describe("a service with the labels of a job", () => {
  const report = async (scheduled: boolean) => {
    const resources = await stackOf(nightly, scheduled);
    return {
      names: listing(resources).filter((each) => each.includes("report")),
      inputs: find(resources, "shop-report-service").inputs as {
        labels: readonly { label: string; value: string }[];
      },
    };
  };

  test("is a job where something starts jobs: it is not waited for, and an update starts nothing", async () => {
    const { names, inputs } = await report(true);
    expect(names).toEqual([
      "shop > shop-report: swarm-farm:service:SwarmService",
      "shop-report > shop-report-service: docker:index/service:Service",
    ]);
    expect(inputs).toMatchObject({
      mode: { replicated: { replicas: 0 } },
      taskSpec: { restartPolicy: { condition: "on-failure", maxAttempts: 2 } },
      updateConfig: { parallelism: 0, failureAction: "continue" },
    });
    expect(Object.fromEntries(inputs.labels.map(({ label, value }) => [label, value]))).toMatchObject({
      "swarm.cronjob.enable": "true",
      "swarm.cronjob.schedule": "0 2 * * *",
      "swarm.cronjob.skip-running": "false",
      "swarm-farm.rebalance": "false",
      team: "web",
    });
  });

  test("is a service with labels where nothing does", async () => {
    const { names, inputs } = await report(false);
    expect(names).toHaveLength(3);
    expect(inputs.labels.map(({ label }) => label)).not.toContain("swarm-farm.rebalance");
  });

  test("is refused where its labels are wrong and something starts jobs", async () => {
    const wrong = nightly.replace("0 2 * * *", "soon");
    await expect(stackOf(wrong, true)).rejects.toThrow("'soon' is no cron expression");
  });
});
