import type { FakeSpec } from "./shapes.ts";
import type { FakeSwarm } from "./swarm.ts";

/** A request that Docker refuses. */
export class Refusal extends Error {
  constructor(
    readonly status: number,
    message: string,
  ) {
    super(message);
  }
}

interface ConfigSpec {
  readonly Name: string;
  readonly Data?: string;
  readonly Labels?: Record<string, string>;
}

const outOfSequence = (): Refusal => new Refusal(500, "rpc error: code = Unknown desc = update out of sequence");

/** Carries out a POST; `version` is the object's version that it names. */
export function write(swarm: FakeSwarm, path: string, version: number, body: unknown): unknown {
  const [, kind, id = ""] = path.split("/");
  if (kind === "services") {
    const service = swarm.services.get(id);
    if (!service) throw new Refusal(404, `service ${id} not found`);
    if (service.version !== version) throw outOfSequence();
    swarm.change(service, body as FakeSpec);
    return { Warnings: null };
  }
  if (kind !== "configs") throw new Refusal(404, "page not found");
  const spec = body as ConfigSpec;
  if (id === "create") return createConfig(swarm, spec);
  const config = swarm.configs.get(id);
  if (!config) throw new Refusal(404, `config ${id} not found`);
  if (config.version !== version) throw outOfSequence();
  const same = config.name === spec.Name && (spec.Data === undefined || spec.Data === config.data);
  if (!same) throw new Refusal(400, "only updates to Labels are allowed");
  Object.assign(config, { labels: spec.Labels ?? {}, version: swarm.version() });
  return undefined;
}

function createConfig(swarm: FakeSwarm, spec: ConfigSpec): unknown {
  const exists = [...swarm.configs.values()].some(({ name }) => name === spec.Name);
  if (exists) throw new Refusal(409, `rpc error: code = AlreadyExists desc = config ${spec.Name} already exists`);
  const created = { id: swarm.newId(), name: spec.Name, data: spec.Data ?? "", labels: spec.Labels ?? {} };
  swarm.configs.set(created.id, { ...created, version: swarm.version() });
  return { ID: created.id };
}
