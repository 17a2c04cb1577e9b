import { type Docker, listOf, nodeShape, serviceShape, taskShape } from "@swarm-farm/docker-api";
import type * as z from "zod";
import type { Node, Service, Task } from "../../shared/model.ts";
import { projectNode, projectService, projectTask } from "./project.ts";

/** The whole swarm, as read at one time. */
export interface Reading {
  readonly nodes: readonly Node[];
  readonly services: readonly Service[];
  readonly tasks: readonly Task[];
}

/** How long a task that came to its end stays in the cluster's state, so that people see how it ended. */
const afterlifeMs = 30_000;
const followedAtMost = 300;
const idsPerRequest = 100;

/*
 * Docker keeps up to five ended tasks for every one that lives, and each is kilobytes of JSON. Only the living are read
 * every time; those that leave their ranks are followed by id for a while.
 */
const living = ["accepted", "ready", "running", "complete"];

const filter = (filters: Record<string, readonly string[]>): string =>
  `filters=${encodeURIComponent(JSON.stringify(filters))}`;

/** Reads the swarm through a fixed handful of lists. */
export class Reader {
  readonly #docker: Docker;
  #alive: ReadonlySet<string> = new Set();
  /** Tasks that ended, and until when they are followed. */
  readonly #ended = new Map<string, number>();

  constructor(docker: Docker) {
    this.#docker = docker;
  }

  /** Everything the page shows. */
  async read(signal?: AbortSignal): Promise<Reading> {
    const [nodes, services, tasks] = await Promise.all([
      this.#list("/nodes", nodeShape, signal),
      this.#list("/services?status=true", serviceShape, signal),
      this.#tasks(signal),
    ]);
    const updating = services.filter((one) => /^(updating|rollback_started)$/.test(one.UpdateStatus?.State ?? ""));
    const done =
      updating.length > 0
        ? await this.#updated(
            updating.map((one) => one.ID),
            signal,
          )
        : undefined;
    return {
      nodes: nodes.map(projectNode),
      services: services.map((one) =>
        projectService(one, done && updating.includes(one) ? (done.get(one.ID) ?? 0) : undefined),
      ),
      tasks,
    };
  }

  #list<T extends z.ZodType>(path: string, shape: T, signal?: AbortSignal): Promise<z.output<T>[]> {
    return this.#docker.get(path, listOf(shape), signal);
  }

  async #tasks(signal?: AbortSignal): Promise<readonly Task[]> {
    const alive = await this.#list(`/tasks?${filter({ "desired-state": living })}`, taskShape, signal);
    const ids = new Set(alive.map((one) => one.ID));
    this.#follow(ids);
    const ended = await this.#byId([...this.#ended.keys()], signal);
    return [...alive, ...ended].map(projectTask);
  }

  #follow(alive: ReadonlySet<string>): void {
    const now = Date.now();
    for (const id of this.#alive) if (!alive.has(id)) this.#ended.set(id, now + afterlifeMs);
    let surplus = this.#ended.size - followedAtMost;
    for (const [id, until] of this.#ended) {
      if (surplus-- > 0 || until < now || alive.has(id)) this.#ended.delete(id);
    }
    this.#alive = alive;
  }

  async #byId(ids: readonly string[], signal?: AbortSignal): Promise<z.output<typeof taskShape>[]> {
    const lists: z.output<typeof taskShape>[] = [];
    for (let at = 0; at < ids.length; at += idsPerRequest) {
      const some = ids.slice(at, at + idsPerRequest);
      lists.push(...(await this.#list(`/tasks?${filter({ id: some })}`, taskShape, signal)));
    }
    return lists;
  }

  /** Running tasks of the newest definition by service; the filter is the one `docker service update` itself uses. */
  async #updated(ids: readonly string[], signal?: AbortSignal): Promise<ReadonlyMap<string, number>> {
    const newest = filter({ service: ids, "_up-to-date": ["true"], "desired-state": ["running"] });
    const tasks = await this.#list(`/tasks?${newest}`, taskShape, signal);
    const counts = new Map<string, number>();
    for (const { ServiceID, Status } of tasks) {
      if (Status.State === "running") counts.set(ServiceID, (counts.get(ServiceID) ?? 0) + 1);
    }
    return counts;
  }
}
