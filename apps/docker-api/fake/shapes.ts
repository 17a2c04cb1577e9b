/** Spec of a task, as Docker's API has it. */
export interface FakeTemplate {
  /** Counts forced updates. */
  readonly ForceUpdate?: number;
  /** `none`: a task that has ended is not started again. */
  readonly RestartPolicy?: { readonly Condition: string };
  readonly ContainerSpec: {
    /** A task of `…:unhealthy` stays in `starting`. */
    readonly Image: string;
    readonly Env?: readonly string[];
    readonly Mounts?: readonly { readonly Type: string; readonly Source?: string; readonly Target: string }[];
  };
  readonly Resources?: { readonly Reservations?: { readonly NanoCPUs?: number; readonly MemoryBytes?: number } };
  readonly Placement?: {
    readonly Constraints?: readonly string[];
    readonly Preferences?: readonly { readonly Spread: { readonly SpreadDescriptor: string } }[];
    readonly MaxReplicas?: number;
  };
}

/** A service's spec as Docker's API has it: what the fake reads, and whatever else was sent with it. */
export interface FakeSpec {
  readonly Name: string;
  readonly Labels?: Readonly<Record<string, string>>;
  readonly TaskTemplate: FakeTemplate;
  readonly Mode: { readonly Replicated?: { readonly Replicas: number }; readonly Global?: object };
  readonly EndpointSpec?: {
    readonly Ports?: readonly {
      readonly Protocol: string;
      readonly TargetPort: number;
      readonly PublishedPort: number;
      readonly PublishMode: string;
    }[];
  };
}

/** A service of the fake swarm. */
export interface FakeService {
  readonly id: string;
  spec: FakeSpec;
  version: number;
  updatedAt: number;
  update: { readonly state: string; readonly message?: string } | undefined;
}

/** A node of the fake swarm. */
export interface FakeNode {
  readonly id: string;
  readonly hostname: string;
  readonly role: string;
  readonly labels: Readonly<Record<string, string>> | undefined;
  readonly address: string;
  readonly nanoCpus: number;
  readonly memoryBytes: number;
  availability: string;
  state: string;
  version: number;
}

/** A task of the fake swarm; times in milliseconds of the swarm's clock. */
export interface FakeTask {
  readonly id: string;
  readonly serviceId: string;
  readonly slot: number;
  readonly createdAt: number;
  readonly template: FakeTemplate;
  nodeId: string;
  state: string;
  desired: string;
  stateAt: number;
  message: string;
  error: string;
  exitCode: number;
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

/** Messages of Docker's stream of events. */
export interface FakeEvent {
  readonly Type: string;
  readonly Action: string;
  readonly Actor: { readonly ID: string; readonly Attributes: Readonly<Record<string, string>> };
}

/** Parts of a swarm that are needed to keep and place tasks. */
export interface FakeTaskHolder {
  readonly nodes: ReadonlyMap<string, FakeNode>;
  readonly services: ReadonlyMap<string, FakeService>;
  readonly tasks: Map<string, FakeTask>;
  readonly tasksCreated: Map<string, number>;
  readonly shunned: ReadonlySet<string>;
  readonly random: () => number;
  readonly startMs: number;
  readonly now: () => number;
  newId(): string;
  /** Tasks of a service that should be there. */
  alive(service: FakeService): FakeTask[];
  announce(type: string, action: string, id: string, attributes: Readonly<Record<string, string>>): void;
}
