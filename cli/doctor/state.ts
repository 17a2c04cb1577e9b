import { z } from "zod";
import { autoscaleLabel } from "../../infra/service/docker-spec";
import { makesJob } from "../../infra/service/spec/job";
import { nameOf, parseResources, stackOutputs, type Resource } from "../pulumi/state";

/** A service in the state. */
export interface KnownService {
  /** Its name in the swarm. */
  readonly name: string;
  /** The name of the resource that waits for its tasks. */
  readonly wait: string;
  /** Absent for a global service, for one that the steward scales, and for a job, whose runs change them. */
  readonly replicas?: number | undefined;
  readonly image: string;
}

/** The resources in the state. */
export interface Known {
  /** URNs of resources by their names. */
  readonly urns: ReadonlyMap<string, string>;
  readonly services: readonly KnownService[];
  /** When each certificate that the farm's CA issued was created, in milliseconds since 1970, by its URN. Default: none is known. */
  readonly issued?: ReadonlyMap<string, number>;
  /** When each certificate expires, in ISO 8601: the stack's output `certificates`. Default: none. */
  readonly expiries?: Readonly<Record<string, string>>;
}

const Expiries = z.record(z.string(), z.string()).catch({});

/** The command of `Authority.issue`. */
const Issue = z.object({ environment: z.object({ NAMES: z.string(), COMMON: z.string() }) });

const Service = z.object({
  name: z.string(),
  mode: z.object({ replicated: z.object({ replicas: z.number() }).optional() }),
  taskSpec: z.object({ containerSpec: z.object({ image: z.string() }) }),
  labels: z.array(z.object({ label: z.string(), value: z.string() })).optional(),
});

/** Reads `pulumi stack export`. */
export function parseState(text: string): Known {
  return knownOf(parseResources(text));
}

/** The part of the state that `doctor` compares with the farm. */
export function knownOf(resources: readonly Resource[]): Known {
  const custom = resources.filter(({ type }) => !type.startsWith("swarm-farm:"));
  return {
    urns: new Map(custom.map(({ urn }) => [nameOf(urn), urn])),
    issued: new Map(
      custom.flatMap(({ urn, inputs, created }): [string, number][] =>
        created !== undefined && Issue.safeParse(inputs).success ? [[urn, Date.parse(created)]] : [],
      ),
    ),
    expiries: Expiries.parse(stackOutputs(resources)?.certificates ?? {}),
    services: resources
      .filter(({ type }) => type === "docker:index/service:Service")
      .map(({ urn, inputs }) => {
        const { name, mode, taskSpec, labels = [] } = Service.parse(inputs);
        const scaled = makesJob(labels) || labels.some(({ label }) => label === autoscaleLabel);
        return {
          name,
          wait: nameOf(urn).replace(/-service$/, "-converged"),
          ...(scaled ? {} : { replicas: mode.replicated?.replicas }),
          image: taskSpec.containerSpec.image,
        };
      }),
  };
}
