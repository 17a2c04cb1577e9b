import { type Docker, listOf, OutOfSequence, serviceShape, taskShape, wholeServiceShape } from "@swarm-farm/docker-api";
import type * as z from "zod";
import { enableLabel } from "./labels.ts";
import { counterOf, type Service, stoppedCounter, type Task } from "./run.ts";

const filtered = (filters: Readonly<Record<string, readonly string[]>>): string =>
  `filters=${encodeURIComponent(JSON.stringify(filters))}`;

/** The swarm as far as jobs go: it reads services that have the label, and their tasks, and changes nothing but how they run. */
export class Swarm {
  readonly #docker: Docker;

  constructor(docker: Docker) {
    this.#docker = docker;
  }

  /** Every service that is a job, by name. */
  async jobs(): Promise<Service[]> {
    const query = filtered({ label: [`${enableLabel}=true`] });
    const listed = await this.#docker.get(`/services?${query}`, listOf(serviceShape));
    const services = listed.filter(({ Spec }) => Spec.Labels[enableLabel] === "true");
    if (services.length === 0) return [];
    const ids = services.map(({ ID }) => ID);
    const tasks = await this.#docker.get(`/tasks?${filtered({ service: ids })}`, listOf(taskShape));
    return services.map((service) => toService(service, tasks)).toSorted((a, b) => (a.name < b.name ? -1 : 1));
  }

  /**
   * Starts a run: the tasks of the last one make way. Its due time is in Swarm's own counter of forced updates: it is written
   * down in the same request, and each task has it.
   *
   * @throws OutOfSequence if another scheduler, or a person, has changed the service since it was read
   */
  async start(service: Service, due: number, tasks: number): Promise<void> {
    await this.#change(service, tasks, counterOf(due));
  }

  /**
   * Stops a run: Swarm removes its tasks, and its counter says so.
   *
   * @throws OutOfSequence if the service has changed since it was read
   */
  async stop(service: Service): Promise<void> {
    await this.#change(service, 0, stoppedCounter(service));
  }

  async #change({ id, name, version }: Service, replicas: number, forceUpdate: number): Promise<void> {
    const { Version, Spec } = await this.#docker.get(`/services/${id}`, wholeServiceShape);
    if (Version.Index !== version) throw new OutOfSequence(`service '${name}' was changed meanwhile`);
    if (!Spec.Mode.Replicated) throw new OutOfSequence(`service '${name}' is not replicated`);
    await this.#docker.post(`/services/${id}/update?version=${Version.Index}`, {
      ...Spec,
      Mode: { ...Spec.Mode, Replicated: { ...Spec.Mode.Replicated, Replicas: replicas } },
      TaskTemplate: { ...Spec.TaskTemplate, ForceUpdate: forceUpdate },
    });
  }
}

/** Docker's service and its tasks as ours. */
export function toService(
  { ID, Version, UpdatedAt, Spec }: z.output<typeof serviceShape>,
  tasks: readonly z.output<typeof taskShape>[],
): Service {
  const replicated = Spec.Mode?.Replicated;
  return {
    id: ID,
    name: Spec.Name,
    version: Version.Index,
    labels: Spec.Labels,
    updatedAt: UpdatedAt,
    forceUpdate: Spec.TaskTemplate.ForceUpdate,
    replicas: replicated ? (replicated.Replicas ?? 1) : undefined,
    tasks: tasks.filter(({ ServiceID }) => ServiceID === ID).map(toTask),
  };
}

function toTask({ Slot, Spec, Status, DesiredState, CreatedAt }: z.output<typeof taskShape>): Task {
  return {
    slot: Slot,
    forceUpdate: Spec?.ForceUpdate ?? 0,
    state: Status.State,
    desired: DesiredState,
    createdAt: CreatedAt,
    stateAt: Status.Timestamp,
    error: Status.Err,
    exitCode: Status.ContainerStatus?.ExitCode ?? undefined,
  };
}
