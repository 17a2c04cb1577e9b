import { createRequire } from "node:module";
import { defineStack } from "../contract";
import { jobAlerts } from "./alerts";
import { Jobs } from "./schema";
import { jobsService } from "./service";

const load = createRequire(__filename);

/** Starts services on a schedule. */
export const jobs = defineStack({
  name: "jobs",
  schema: Jobs.optional(),
  images: { jobs: "apps/jobs/image" },
  plan: () => ({
    images: ["jobs"],
    startsJobs: true,
    scrape: [{ service: jobsService.name, port: jobsService.port }],
    alerts: jobAlerts,
  }),
  rules: (config, { jobProblems }) => (config ? jobProblems : []),
  deploy: (context) => (load("./deploy") as typeof import("./deploy")).deploy(context),
});
