/** A service's spec as Docker's API has it: what the fake looks at, and whatever else is sent along. */
export interface FakeSpec {
  readonly Name: string;
  readonly Labels?: Readonly<Record<string, string>>;
  readonly TaskTemplate: {
    readonly ContainerSpec: {
      /** `…:unhealthy` never gets healthy. */
      readonly Image: string;
      readonly Env?: readonly string[];
      readonly Mounts?: readonly { readonly Type: string; readonly Target: string }[];
    };
    readonly Resources?: { readonly Reservations?: { readonly NanoCPUs?: number; readonly MemoryBytes?: number } };
    readonly Placement?: {
      readonly Constraints?: readonly string[];
      readonly Preferences?: readonly { readonly Spread: { readonly SpreadDescriptor: string } }[];
      readonly MaxReplicas?: number;
    };
  };
  readonly Mode: { readonly Replicated?: { readonly Replicas: number }; readonly Global?: object };
}

/** A service of the fake swarm. */
export interface FakeService {
  readonly id: string;
  spec: FakeSpec;
  version: number;
  update: string | undefined;
}

/** A node of the fake swarm. */
export interface FakeNode {
  readonly id: string;
  readonly hostname: string;
  readonly role: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly nanoCpus: number;
  readonly memoryBytes: number;
  availability: string;
  state: string;
}

/** A task of the fake swarm. */
export interface FakeTask {
  readonly id: string;
  readonly serviceId: string;
  readonly slot: number;
  readonly cpus: number;
  readonly bytes: number;
  readonly unhealthy: boolean;
  nodeId: string;
  state: string;
  desired: string;
  error: string;
  /** When it gets to its next state. */
  dueAt: number;
}

/** A config of the fake swarm. */
export interface FakeConfig {
  readonly id: string;
  readonly name: string;
  readonly data: string;
  labels: Readonly<Record<string, string>>;
  version: number;
}
