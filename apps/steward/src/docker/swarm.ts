import {
  configShape,
  type Docker,
  DockerError,
  listOf,
  nodeShape,
  OutOfSequence,
  serviceShape,
  taskShape,
  wholeServiceShape,
} from "@swarm-farm/docker-api";
import type * as z from "zod";
import type { Service, Snapshot } from "../shared/model.ts";
import { toNode, toService, toTask } from "./project.ts";

/** A config's labels, and the version that a change of them must name. */
export interface LabelRecord {
  readonly id: string;
  readonly version: number;
  readonly labels: Readonly<Record<string, string>>;
  /** The config's content, which must be sent back unchanged; base64. */
  readonly data: string;
}

const explanation =
  "The labels of this config hold which steward acts, and what it must not forget. See apps/steward/README.md.\n";

/** The swarm as the steward reads and changes it: snapshots, replica counts, and the labels of one config. */
export class Swarm {
  readonly #docker: Docker;

  constructor(docker: Docker) {
    this.#docker = docker;
  }

  async snapshot(): Promise<Snapshot> {
    const [nodes, services, tasks] = await Promise.all([
      this.#docker.get("/nodes", listOf(nodeShape)),
      this.#docker.get("/services?status=true", listOf(serviceShape)),
      this.#docker.get("/tasks", listOf(taskShape)),
    ]);
    return { nodes: nodes.map(toNode), services: services.map(toService), tasks: tasks.map(toTask) };
  }

  /** Sets a replica count, only if the service still is what was decided about; otherwise `OutOfSequence`. */
  async scale(service: Service, replicas: number): Promise<void> {
    const { Version, Spec } = await this.#docker.get(`/services/${service.id}`, wholeServiceShape);
    if (Version.Index !== service.version) throw new OutOfSequence(`service '${service.name}' was changed meanwhile`);
    if (!Spec.Mode.Replicated) throw new OutOfSequence(`service '${service.name}' is not replicated any more`);
    const mode = { ...Spec.Mode, Replicated: { ...Spec.Mode.Replicated, Replicas: replicas } };
    await this.#docker.post(`/services/${service.id}/update?version=${Version.Index}`, { ...Spec, Mode: mode });
  }

  /** The labels of the config `name`, which is created if there is none. */
  async labels(name: string): Promise<LabelRecord> {
    const found = (await this.#find(name)) ?? (await this.#create(name));
    return { id: found.ID, version: found.Version.Index, labels: found.Spec.Labels, data: found.Spec.Data };
  }

  /** Replaces the labels; `OutOfSequence` if they were changed since they were read. */
  async relabel(name: string, from: LabelRecord, labels: Readonly<Record<string, string>>): Promise<void> {
    const spec = { Name: name, Labels: labels, Data: from.data };
    await this.#docker.post(`/configs/${from.id}/update?version=${from.version}`, spec);
  }

  async #find(name: string): Promise<z.output<typeof configShape> | undefined> {
    const filters = encodeURIComponent(JSON.stringify({ name: [name] }));
    const configs = await this.#docker.get(`/configs?filters=${filters}`, listOf(configShape));
    // Docker filters by the beginning of a name.
    return configs.find(({ Spec }) => Spec.Name === name);
  }

  async #create(name: string): Promise<z.output<typeof configShape>> {
    try {
      await this.#docker.post("/configs/create", { Name: name, Data: Buffer.from(explanation).toString("base64") });
    } catch (error) {
      // Another steward was faster.
      if (!(error instanceof DockerError && error.status === 409)) throw error;
    }
    const created = await this.#find(name);
    if (!created) throw new Error(`config '${name}' was created, but is not listed`);
    return created;
  }
}
