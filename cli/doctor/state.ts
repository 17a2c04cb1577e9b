import { z } from "zod";
import { autoscaleLabel } from "../../infra/service/docker-spec";

/** A service as the last `up` left it. */
export interface KnownService {
  /** In the swarm. */
  readonly name: string;
  /** What waits for its tasks, by the resource's name. */
  readonly wait: string;
  /** Absent for a global one, and for one whose count is not Pulumi's business. */
  readonly replicas?: number | undefined;
  readonly image: string;
}

/** What Pulumi made and has not taken away. */
export interface Known {
  /** URNs of resources by their names. */
  readonly urns: ReadonlyMap<string, string>;
  readonly services: readonly KnownService[];
  /** When each certificate that the farm's CA issued was created, in milliseconds since 1970, by its URN. Default: none is known. */
  readonly issued?: ReadonlyMap<string, number>;
  /** When each certificate expires, in ISO 8601: the stack's output `certificates`. Default: none is known. */
  readonly expiries?: Readonly<Record<string, string>>;
}

const Resource = z.object({
  urn: z.string(),
  type: z.string(),
  inputs: z.record(z.string(), z.unknown()).optional(),
  created: z.string().optional(),
  outputs: z.record(z.string(), z.unknown()).optional(),
});

const Expiries = z.record(z.string(), z.string()).catch({});

/** As `Authority.issue` runs it. */
const Issue = z.object({ environment: z.object({ NAMES: z.string(), COMMON: z.string() }) });

const Export = z.object({ deployment: z.object({ resources: z.array(Resource).optional() }) });

const Service = z.object({
  name: z.string(),
  mode: z.object({ replicated: z.object({ replicas: z.number() }).optional() }),
  taskSpec: z.object({ containerSpec: z.object({ image: z.string() }) }),
  labels: z.array(z.object({ label: z.string() })).optional(),
});

/** Reads `pulumi stack export`. */
export function parseState(text: string): Known {
  const resources = Export.parse(JSON.parse(text)).deployment.resources ?? [];
  const custom = resources.filter(({ type }) => !type.startsWith("swarm-farm:"));
  return {
    urns: new Map(custom.map(({ urn }) => [nameOf(urn), urn])),
    issued: new Map(
      custom.flatMap(({ urn, inputs, created }): [string, number][] =>
        created !== undefined && Issue.safeParse(inputs).success ? [[urn, Date.parse(created)]] : [],
      ),
    ),
    expiries: Expiries.parse(resources.find(({ type }) => type === "pulumi:pulumi:Stack")?.outputs?.certificates ?? {}),
    services: resources
      .filter(({ type }) => type === "docker:index/service:Service")
      .map(({ urn, inputs }) => {
        const { name, mode, taskSpec, labels = [] } = Service.parse(inputs);
        const scaled = labels.some(({ label }) => label === autoscaleLabel);
        return {
          name,
          wait: nameOf(urn).replace(/-service$/, "-converged"),
          ...(scaled ? {} : { replicas: mode.replicated?.replicas }),
          image: taskSpec.containerSpec.image,
        };
      }),
  };
}

function nameOf(urn: string): string {
  return urn.slice(urn.lastIndexOf("::") + 2);
}
