import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { checkAll } from "../../../stacks/config";
import { stacks } from "../../../stacks/index";
import { jobs } from "../../../stacks/jobs";
import { plansOf } from "../../../stacks/plans";
import { withNames } from "../../support/configs";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "jobs-plan-"));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

/** The plans of a farm with a stack whose service has these labels, and `jobs` or not. */
function planned(labels: object, more: object) {
  const report = { image: "a:1", deploy: { replicas: 0, labels } };
  writeFileSync(join(folder, "shop.yaml"), JSON.stringify({ services: { report } }));
  const { config, files } = checkAll(
    { ...withNames("manager1"), stacks: { shop: { file: "shop.yaml" } }, ...more },
    folder,
  );
  return plansOf(stacks, { ...config }, files);
}

const right = { "swarm.cronjob.enable": "true", "swarm.cronjob.schedule": "@daily" };
const wrong = { ...right, "swarm.cronjob.schedule": "soon" };

test("it starts jobs, has metrics and alerts, and one image", () => {
  expect(planned(right, { jobs: {} })).toMatchObject({ startsJobs: true, jobProblems: [] });
  expect(planned(right, {}).startsJobs).toBe(false);
  const plan = jobs.plan?.({ timeZone: "UTC" }, undefined, undefined);
  expect(plan).toMatchObject({ images: ["jobs"], scrape: [{ service: "jobs", port: 8080 }] });
  expect(plan?.alerts).toHaveLength(4);
});

test("a wrong label is refused with its line where the farm starts jobs, and is a label where it does not", () => {
  expect(() => planned(wrong, { jobs: {} })).toThrow(
    "stacks.shop: shop.yaml:1: services.report.deploy.labels: swarm.cronjob.schedule: 'soon' is no cron expression",
  );
  expect(planned(wrong, {}).jobProblems).toHaveLength(1);
});

test("the time zone is UTC, or one that exists", () => {
  expect(jobs.schema.parse({})).toEqual({ timeZone: "UTC" });
  expect(jobs.schema.parse({ timeZone: "Europe/Berlin" })).toEqual({ timeZone: "Europe/Berlin" });
  expect(jobs.schema.safeParse({ timeZone: "Mars/Olympus" }).error?.issues[0]?.message).toContain(
    "must be a time zone",
  );
});
