import { z } from "zod";
import { isTimeZone } from "../../infra/service/schedule";

/** The keys of `jobs`. */
export const Jobs = z
  .strictObject({
    timeZone: z
      .string()
      .refine(isTimeZone, "must be a time zone, e.g. 'Europe/Berlin'")
      .default("UTC")
      .describe("The time zone of schedules that name none, e.g. `Europe/Berlin`."),
  })
  .describe(
    "Starts services of compose files on a schedule, by the labels of swarm-cronjob ([how](how-to/jobs.md)). Default: not deployed.",
  );

export type JobsConfig = z.infer<typeof Jobs>;
