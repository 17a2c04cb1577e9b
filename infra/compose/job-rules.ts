import { isSecret, type ComposeService, type Finding } from "../../compose";
import { nearest } from "../config/nearest";
import { scheduleProblem } from "../service/schedule";
import { isJobLabel, jobLabel, jobLabels } from "../service/spec/job";
import { refused } from "./finding";
import { isJob } from "./spec/job";

/** Labels of swarm-cronjob that need nothing here: images are pinned, and a login is kept with its service. */
const needless: readonly string[] = ["swarm.cronjob.registry-auth", "swarm.cronjob.query-registry"];

const known: readonly string[] = [...Object.values(jobLabels), ...needless];

/** Problems of services that are a job each, where something starts them. */
export function jobProblems(services: readonly ComposeService[]): Finding[] {
  const keys = new Set(services.filter(isJob).map(({ key }) => key));
  return services.flatMap((service) => [
    ...strayLabels(service),
    ...(jobLabel in service.serviceLabels ? labelProblems(service) : []),
    ...(keys.has(service.key) ? settingProblems(service) : []),
    ...service.dependsOn
      .filter(({ service: other, condition }) => keys.has(other) && condition !== "started")
      .map(({ service: other, at }) =>
        refused(
          service,
          "depends_on",
          `'${other}' is a job, which runs on its schedule alone`,
          "remove it, or write 'service_started'",
          at,
        ),
      ),
    ...secondScheduler(service),
  ]);
}

/** Policies of a job that are without effect. */
export function jobRemarks(services: readonly ComposeService[]): Finding[] {
  return services
    .filter((service) => isJob(service) && service.update !== undefined)
    .map((service) => ({
      ...refused(service, "deploy.update_config", "all tasks of a run start at once", "remove it"),
      outcome: "honoured",
    }));
}

function labelProblems(service: ComposeService): Finding[] {
  const own = Object.entries(service.serviceLabels).filter(([label]) => isJobLabel(label));
  const enabled = isJob(service);
  return own
    .flatMap(([label, text]) => {
      const problem = isSecret(text)
        ? { reason: "it is secret, and labels are not", alternative: "write it in the file" }
        : wrongLabel(label, text);
      return problem ? refused(service, "deploy.labels", `${label}: ${problem.reason}`, problem.alternative) : [];
    })
    .concat(
      enabled && !(jobLabels.schedule in service.serviceLabels)
        ? [
            refused(
              service,
              "deploy.labels",
              "it is a job without a schedule",
              `add the label ${jobLabels.schedule}, e.g. '0 2 * * *'`,
            ),
          ]
        : [],
    );
}

interface Wrong {
  readonly reason: string;
  readonly alternative: string;
}

function wrongLabel(label: string, text: string): Wrong | undefined {
  const oneOf = (...allowed: readonly string[]): Wrong | undefined =>
    allowed.includes(text) ? undefined : { reason: `is '${text}'`, alternative: `write '${allowed.join("' or '")}'` };
  switch (label) {
    case jobLabels.enable:
    case jobLabels.skipRunning:
      return oneOf("true", "false");
    case jobLabels.missed:
      return oneOf("skip", "run");
    case jobLabels.replicas:
    case jobLabels.timeLimit:
      return /^[1-9]\d{0,6}$/.test(text)
        ? undefined
        : { reason: `is '${text}'`, alternative: "write a whole number from 1" };
    case jobLabels.schedule: {
      const reason = scheduleProblem(text);
      return reason === undefined ? undefined : { reason, alternative: "correct it" };
    }
    default:
      if (needless.includes(label)) return undefined;
      return { reason: "is no label of a job", alternative: didYouMean(label) };
  }
}

function didYouMean(label: string): string {
  const near = nearest(label, known);
  return near === undefined ? `the labels are ${known.join(", ")}` : `the nearest is ${near}`;
}

/** A run starts all its tasks at once, on any nodes, and ends. */
function settingProblems(service: ComposeService): Finding[] {
  const { mode, restartPolicy } = service;
  return [
    ...(mode.kind === "replicated"
      ? []
      : [
          refused(
            service,
            "deploy.mode",
            `a job cannot have mode '${mode.kind}'`,
            `leave 'mode' out; ${jobLabels.replicas} is the number of tasks`,
          ),
        ]),
    ...("replicas" in mode && (mode.replicas ?? 0) > 0
      ? [
          refused(
            service,
            "deploy.replicas",
            "a job is started when it is due, not when it is deployed",
            `write 0, and the tasks of each run in the label ${jobLabels.replicas}`,
          ),
        ]
      : []),
    ...(restartPolicy?.condition === "any"
      ? [
          refused(
            service,
            "deploy.restart_policy",
            "a job ends, and Swarm would start its tasks again forever",
            "use 'none', or 'on-failure' with 'max_attempts'",
          ),
        ]
      : []),
    ...(restartPolicy?.condition === "on-failure" && (restartPolicy.maxAttempts ?? 0) === 0
      ? [
          refused(
            service,
            "deploy.restart_policy",
            "a job that fails would be started again forever",
            "add 'max_attempts', or use 'none'",
          ),
        ]
      : []),
  ];
}

/** swarm-cronjob reads labels of services alone. */
function strayLabels(service: ComposeService): Finding[] {
  const stray = Object.keys(service.labels).find(isJobLabel);
  return stray === undefined
    ? []
    : [
        refused(
          service,
          "labels",
          `${stray} is a label of the container, where no scheduler reads it`,
          "write it under 'deploy.labels'",
        ),
      ];
}

/** Whether a service is a scheduler of its own. */
export function isScheduler({ image }: ComposeService): boolean {
  return /(^|\/)swarm-cronjob(:|@|$)/.test(image);
}

function secondScheduler(service: ComposeService): Finding[] {
  return isScheduler(service)
    ? [refused(service, "image", "it would start each job a second time", "remove the service")]
    : [];
}
