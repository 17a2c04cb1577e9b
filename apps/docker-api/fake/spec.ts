import type { FakeService, FakeSpec, FakeTemplate } from "./shapes.ts";

/** Settings of a service in a test; all have defaults. */
export interface SpecOptions {
  /** Default: 1 */
  readonly replicas?: number;
  /** Default: replicated */
  readonly global?: boolean;
  readonly image?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly env?: readonly string[];
  /** The type of its one mount, e.g. `volume`. Default: no mount */
  readonly mount?: string;
  /** Reservation of each task. Default: 0 */
  readonly cpus?: number;
  readonly memoryMiB?: number;
  readonly constraints?: readonly string[];
  /** Spread descriptors, e.g. `node.labels.zone`. */
  readonly spread?: readonly string[];
  /** Default: no limit */
  readonly maxPerNode?: number;
  /** Published through the routing mesh. */
  readonly ports?: readonly number[];
  /** Swarm does not start its tasks again. Default: it does */
  readonly ends?: boolean;
}

/** A service's spec. */
export function serviceSpec(name: string, options: SpecOptions = {}): FakeSpec {
  const { replicas = 1, image = "nginx:1.27", labels = {}, env, mount, cpus = 0, memoryMiB = 0 } = options;
  const { constraints = [], spread = [], maxPerNode = 0, ports = [] } = options;
  return {
    Name: name,
    Labels: labels,
    TaskTemplate: {
      ...(options.ends && { RestartPolicy: { Condition: "none" } }),
      ContainerSpec: {
        Image: image,
        ...(env && { Env: env }),
        ...(mount !== undefined && { Mounts: [{ Type: mount, Target: "/data" }] }),
      },
      Resources: { Reservations: { NanoCPUs: cpus * 1e9, MemoryBytes: memoryMiB * 1024 ** 2 } },
      Placement: {
        Constraints: constraints,
        Preferences: spread.map((SpreadDescriptor) => ({ Spread: { SpreadDescriptor } })),
        MaxReplicas: maxPerNode,
      },
    },
    Mode: options.global ? { Global: {} } : { Replicated: { Replicas: replicas } },
    EndpointSpec: {
      Ports: ports.map((port) => ({
        Protocol: "tcp",
        TargetPort: 80,
        PublishedPort: port,
        PublishMode: "ingress",
      })),
    },
  };
}

/** A template's image without its digest. */
export const imageOf = ({ ContainerSpec }: FakeTemplate): string => ContainerSpec.Image.replace(/@.*/, "");

/** The template with another image; a digest stays, so that there is one if there was one. */
export function withImage(template: FakeTemplate, image: string): FakeTemplate {
  const digest = /@.*/.exec(template.ContainerSpec.Image)?.[0] ?? "";
  return { ...template, ContainerSpec: { ...template.ContainerSpec, Image: image + digest } };
}

/** 0 unless replicated. */
export const replicasOf = ({ spec }: Pick<FakeService, "spec">): number => spec.Mode.Replicated?.Replicas ?? 0;
