import { formatKey, type ComposeService } from "../../compose";
import { isScheduler } from "../../infra/compose/job-rules";
import { isJob } from "../../infra/compose/spec/job";
import { jobLabel } from "../../infra/service/spec/job";

/** A warning for each service of a farm without `jobs` that asks for a schedule; none where the file has a scheduler of its own. */
export function idleJobs(services: readonly ComposeService[]): string[] {
  if (services.some(isScheduler)) return [];
  return services
    .filter(isJob)
    .map(
      (service) =>
        `${formatKey(service, "deploy.labels")}: the farm does not start it by its label ${jobLabel}; add 'jobs: {}' to the configuration, unless you run a scheduler of your own`,
    );
}
