import { z } from "zod";
import { jobsService } from "../../stacks/jobs/service";
import type { Farm } from "../nodes/ask";
import type { Finding } from "./diagnose";
import { taskPageFindings } from "./task-page";

/** The answer of apps/jobs; times in ISO 8601. */
const Jobs = z.array(
  z.object({
    service: z.string(),
    state: z.string(),
    due: z.string().nullable(),
    exitCode: z.number().nullable(),
    why: z.string().nullable(),
    leftOut: z.object({ due: z.string(), why: z.enum(["overlap", "missed"]) }).nullable(),
    problem: z.string().nullable(),
  }),
);

type JobStatus = z.infer<typeof Jobs>[number];

/** Jobs whose last run failed, was missed or is stuck; or the program that starts them, if it answers on no node. */
export async function jobFindings(farm: Farm, nodes: readonly string[]): Promise<Finding[]> {
  const page = { of: jobsService, page: "/state", shape: Jobs, without: "no job is started" };
  return taskPageFindings(farm, nodes, page, (jobs) => jobs.flatMap(jobFinding));
}

function jobFinding({ service, state, due, exitCode, why, leftOut, problem }: JobStatus): Finding[] {
  const what = (text: string) => `job ${service}: ${text}`;
  const run = due === null ? "the run that a person started" : `its run of ${shortTime(due)}`;
  const log = `./farm docker service logs --tail 50 ${service}`;
  if (problem !== null) return [{ what: what(`is never started: ${problem}`), byHand: "correct its labels" }];
  const failed: Finding[] =
    state === "failed" || state === "stopped"
      ? [
          {
            what: what(
              `${run} failed${exitCode === null ? "" : ` with exit code ${String(exitCode)}`}: ${why ?? state}`,
            ),
            byHand: log,
          },
        ]
      : [];
  if (leftOut === null) return failed;
  const late = `its run of ${shortTime(leftOut.due)}`;
  return leftOut.why === "missed"
    ? [
        ...failed,
        {
          what: what(`${late} was missed`),
          byHand: `./farm docker service update --detach --force --replicas 1 ${service} runs it now`,
        },
      ]
    : [...failed, { what: what(`${run} is still under way, and ${late} was left out`), byHand: log }];
}

function shortTime(time: string): string {
  return time.replace(/\.\d+Z$/, "Z");
}
