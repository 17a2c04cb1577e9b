import { madeByLabel } from "../../infra/service/made-by";
import { jobLabel } from "../../infra/service/spec/job";
import type { Context } from "../context/context";
import { answerLines, dockerAnswer } from "../nodes/docker-answer";
import { Info, Nodes, ServicesWithStatus, Tasks, type Task } from "../nodes/docker-shapes";
import { byHostname } from "../nodes/members";
import { anyManager, onNode } from "../nodes/ssh";
import { run } from "../process/run";
import { scripts } from "./scripts";

/** A task whose desired state is running, or the last one of a slot that has failed for good. */
export interface TaskFact {
  readonly id: string;
  /** As `docker service ps` shows it, e.g. `hello.2 on worker1`. */
  readonly name: string;
  /** The hostname of its node; absent if it has none yet. */
  readonly node?: string;
  /** `running` once its health check passes. */
  readonly state: string;
  /** Since when it is in that state, in seconds by the manager's clock. */
  readonly seconds: number;
  /** Why it does not run, from Swarm. */
  readonly error: string;
  /** How many seconds its predecessor in the same slot ran, if that failed; absent if none did. */
  readonly failedAfter?: number;
  /** Why that one failed, from Swarm. */
  readonly failedWith?: string;
}

/** A service and its tasks. */
export interface ServiceFact {
  readonly name: string;
  /** Whether this Pulumi stack made it; another program in the same swarm has a label of its own. */
  readonly own: boolean;
  /** The desired number of tasks, without those that may end and have ended with 0. */
  readonly desired: number;
  /** Whether the service has a health check of its own, so that Swarm calls a task `running` only once that passes. */
  readonly healthChecked: boolean;
  readonly tasks: readonly TaskFact[];
  /** The state of its last update, e.g. `updating`; absent if that has ended. */
  readonly update?: string | undefined;
}

/** A node of the swarm. */
export interface NodeFact {
  /** `ready`, `down`, `disconnected` or `unknown`. */
  readonly state: string;
  /** `active`, `pause` or `drain`. */
  readonly availability: string;
}

/** The swarm as one manager reports it. */
export interface SwarmFacts {
  /** By hostname; of several with one name, the ready one. */
  readonly nodes: ReadonlyMap<string, NodeFact>;
  /** Without jobs, whose runs come and go. */
  readonly services: readonly ServiceFact[];
  /** The names of services that are jobs. */
  readonly jobs: readonly string[];
  /** The interval of heartbeats, in seconds. */
  readonly heartbeatSeconds: number;
}

/** The proxy of `any.manager` gives up after 120 s. */
const askSeconds = 150;

/** Swarm's own. */
const defaultHeartbeat = 5e9;

/**
 * Asks one manager, in one connection.
 *
 * @param signal aborts. Default: only the timeout does
 * @throws Error with the last line that ssh or Docker printed
 */
export async function askSwarm(farm: Pick<Context, "stack" | "folders">, signal?: AbortSignal): Promise<SwarmFacts> {
  const options = { timeoutSeconds: askSeconds, ...(signal && { signal }) };
  const { status, stdout, stderr } = await run(onNode(farm, anyManager, scripts("ask-swarm.sh", {})), options);
  const reason = stderr.trim().split("\n").at(-1) ?? "";
  if (status !== 0) throw new Error(reason === "" ? `ssh ended with ${status}` : reason);
  return parseSwarm(stdout, farm.stack);
}

/** The values of `madeByLabel` for a Pulumi stack; earlier versions used `pulumi`. */
const ownValues = (stack: string): readonly (string | undefined)[] => [`swarm-farm/${stack}`, "pulumi"];

/**
 * Parses the output of scripts/ask-swarm.sh.
 *
 * @throws FarmError with Docker's own message, e.g. that the swarm has no leader, or that an answer cannot be read
 */
export function parseSwarm(text: string, stack: string): SwarmFacts {
  const [now, info, nodes, services, tasks] = answerLines(text);
  const { Swarm } = dockerAnswer(Info, info, anyManager, "/info");
  const members = dockerAnswer(Nodes, nodes, anyManager, "/nodes");
  const hostnames = new Map(members.map(({ ID, Description }) => [ID, Description.Hostname]));
  const all = dockerAnswer(Tasks, tasks, anyManager, "/tasks");
  const everything = dockerAnswer(ServicesWithStatus, services, anyManager, "/services");
  const isJob = ({ Spec }: (typeof everything)[number]) => Spec.Labels?.[jobLabel] === "true";
  return {
    jobs: everything.filter(isJob).map(({ Spec }) => Spec.Name),
    nodes: new Map(
      [...byHostname(members)].map(([name, { Spec, Status }]): [string, NodeFact] => [
        name,
        { state: Status.State, availability: Spec.Availability },
      ]),
    ),
    heartbeatSeconds: (Swarm.Cluster?.Spec.Dispatcher?.HeartbeatPeriod ?? defaultHeartbeat) / 1e9,
    services: everything
      .filter((service) => ("Replicated" in service.Spec.Mode || "Global" in service.Spec.Mode) && !isJob(service))
      .map(({ ID, Spec, ServiceStatus, UpdateStatus }) => {
        const { running, ended } = tasksOf(ID, Spec.TaskTemplate.RestartPolicy?.Condition, all);
        return {
          name: Spec.Name,
          own: ownValues(stack).includes(Spec.Labels?.[madeByLabel]),
          desired: Math.max(0, ServiceStatus.DesiredTasks - ended),
          healthChecked: hasTest(Spec.TaskTemplate.ContainerSpec?.Healthcheck?.Test),
          update: UpdateStatus?.State === "completed" ? undefined : UpdateStatus?.State,
          tasks: running.map(({ ID: id, Slot, NodeID = "", Status, ...task }) => ({
            id,
            name: `${Spec.Name}${Slot ? `.${String(Slot)}` : ""}${NodeID && ` on ${hostnames.get(NodeID) ?? NodeID}`}`,
            ...(hostnames.has(NodeID) && { node: hostnames.get(NodeID) }),
            state: Status.State,
            seconds: Number(now) - Date.parse(Status.Timestamp) / 1000,
            error: Status.Err ?? "",
            ...failureBefore({ ID: id, Slot, NodeID, Status, ...task }, all),
          })),
        };
      }),
  };
}

/** Whether there is a health check; one of the image alone is not known here. */
const hasTest = (test: readonly string[] | null | undefined) => (test?.[0] ?? "NONE") !== "NONE";

/**
 * The tasks of a service that are to run, and how many slots have ended with 0. Where Swarm starts no task again, the last task of a
 * slot says what became of it.
 *
 * @param condition of the restart policy. Default: `any`
 */
function tasksOf(
  service: string,
  condition: string | undefined,
  all: readonly Task[],
): { readonly running: readonly Task[]; readonly ended: number } {
  const own = all.filter(({ ServiceID }) => ServiceID === service);
  const running = own.filter(({ DesiredState }) => DesiredState === "running");
  if (condition !== "none" && condition !== "on-failure") return { running, ended: 0 };
  const oldestFirst = [...own].sort((one, other) => Date.parse(one.CreatedAt) - Date.parse(other.CreatedAt));
  const last = [...new Map(oldestFirst.map((task) => [placeOf(task), task])).values()];
  const failed = last.filter(
    ({ DesiredState, Status }) => DesiredState !== "running" && failures.includes(Status.State),
  );
  const isOver = ({ Status }: Task) => Status.State === "complete";
  return { running: [...running.filter((task) => !isOver(task)), ...failed], ended: last.filter(isOver).length };
}

const failures: readonly string[] = ["failed", "rejected"];

/** A slot, or for a global service a node. */
const placeOf = ({ ServiceID, Slot, NodeID = "" }: Task) => `${ServiceID ?? ""} ${Slot ? String(Slot) : NodeID}`;

/** The last task that failed in the same slot, or on the same node for a global service. */
function failureBefore(task: Task, all: readonly Task[]): Pick<TaskFact, "failedAfter" | "failedWith"> {
  const lives = all
    .filter((other) => placeOf(other) === placeOf(task) && failures.includes(other.Status.State))
    .map(({ CreatedAt, Status }) => ({
      end: Date.parse(Status.Timestamp),
      failedAfter: (Date.parse(Status.Timestamp) - Date.parse(CreatedAt)) / 1000,
      failedWith: Status.Err ?? "",
    }))
    .sort((one, other) => one.end - other.end);
  const last = lives.at(-1);
  return last ? { failedAfter: last.failedAfter, failedWith: last.failedWith } : {};
}
