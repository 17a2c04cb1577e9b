/** The parts of Docker's objects the fake keeps; the rest is filled in when it answers. */
export interface FakeNode {
  readonly id: string;
  readonly hostname: string;
  readonly role: "manager" | "worker";
  readonly labels: Record<string, string> | undefined;
  readonly address: string;
  readonly cpus: number;
  readonly memoryGiB: number;
  availability: "active" | "pause" | "drain";
  state: "ready" | "down";
  version: number;
}

/** A service as declared. */
export interface FakeService {
  readonly id: string;
  readonly name: string;
  readonly mode: "replicated" | "global";
  readonly cpus: number;
  readonly memoryMiB: number;
  /** Only nodes with this label, as `disk=ssd`. */
  readonly constraint: string | undefined;
  readonly ports: readonly number[];
  image: string;
  replicas: number;
  update: { state: string; message: string } | undefined;
  version: number;
}

/** One task, living or ended. */
export interface FakeTask {
  readonly id: string;
  readonly serviceId: string;
  readonly slot: number;
  readonly createdAt: number;
  readonly image: string;
  nodeId: string;
  state: string;
  desired: string;
  stateAt: number;
  message: string;
  error: string;
  exitCode: number | undefined;
  version: number;
}
