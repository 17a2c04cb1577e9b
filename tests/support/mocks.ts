import * as pulumi from "@pulumi/pulumi";
import type { RegisterResourceRequest } from "@pulumi/pulumi/proto/resource_pb";
import { stateOf } from "./states";

/** One registration as the engine gets it. References to other resources are their names. */
export interface Registered {
  readonly type: string;
  readonly name: string;
  readonly parent: string;
  /** A secret value stands as `{ secret: value }`. */
  readonly inputs: Record<string, unknown>;
  readonly provider: string;
  readonly dependsOn: readonly string[];
  readonly deletedWith: string;
  /** Another value makes it again. */
  readonly replacementTrigger: unknown;
  /** Unless said, the provider decides. */
  readonly deleteBeforeReplace: boolean | undefined;
  readonly ignoreChanges: readonly string[];
  /** Paths whose changes a preview does not show. */
  readonly hideDiffs: readonly string[];
  /** Paths whose change is a replacement, whatever the provider says. */
  readonly replaceOnChanges: readonly string[];
  readonly secretOutputs: readonly string[];
  /** Where it may be in an older state: by its name, its type, its parent's URN, or its own URN. */
  readonly aliases: readonly string[];
}

type Register = (request: RegisterResourceRequest, callback: unknown) => unknown;

/** Calls of the mock monitor that are recorded: Pulumi's own mocks report neither parents nor options. */
interface Monitor {
  registerResource: Register;
}

export interface RecordOptions {
  readonly stack?: string;
  /** The Pulumi project. Default: this one's. */
  readonly project?: string;
  /** Outputs for a resource by its name, over the usual ones of tests/support/states.ts. */
  readonly states?: Readonly<Record<string, Record<string, unknown>>>;
}

/** Runs a part of the program without an engine, and gives back what it registered, sorted by name. */
export async function record(program: () => unknown, options: RecordOptions = {}): Promise<Registered[]> {
  const registered: Registered[] = [];
  let request: RegisterResourceRequest | undefined;
  await pulumi.runtime.setMocks(
    {
      call: ({ token }) => {
        throw new Error(`'${token}' is called: a preview would need the provider for it`);
      },
      newResource: ({ type, name, inputs }) => {
        const plain = recordOf(plainOf(inputs));
        const secretOutputs = request?.getAdditionalsecretoutputsList() ?? [];
        if (request) registered.push(registeredOf(request, recordOf(readable(inputs))));
        const { id, state } = stateOf(type, name, plain);
        const outputs: Record<string, unknown> = { ...state, ...options.states?.[name] };
        for (const key of secretOutputs) outputs[key] = pulumi.secret(outputs[key]);
        return { id, state: outputs };
      },
    },
    options.project ?? "swarm-farm",
    options.stack ?? "dev",
  );
  listen((of) => {
    request = of;
  });
  // Pulumi keeps the stack of every promise it makes; to write those down would take most of a test's time.
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = 0;
  try {
    await program();
    // Waits for the registrations that follow from others' outputs as well.
    await pulumi.runtime.disconnect();
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
  }
  return registered.sort((a, b) => (line(a) < line(b) ? -1 : 1));
}

/** The value of an output, once it is known. */
export function valueOf<T>(output: pulumi.Input<T>): Promise<pulumi.Unwrap<T>> {
  return new Promise((resolve) => {
    pulumi.output(output).apply(resolve);
  });
}

/** Registered resources, one line each: path and type. */
export function listing(resources: readonly Registered[]): string[] {
  return resources.map(line);
}

/** The one resource of a name, where components may have the same name as what they are made of. */
export function find(resources: readonly Registered[], name: string, type = ""): Registered {
  const [found, ...more] = resources.filter((resource) => resource.name === name && resource.type.includes(type));
  if (found && more.length === 0) return found;
  throw new Error(`${found ? "several" : "no"} resources are called '${name}' in:\n${listing(resources).join("\n")}`);
}

function line({ parent, name, type }: Registered): string {
  return `${parent ? `${parent} > ` : ""}${name}: ${type}`;
}

function listen(hear: (request: RegisterResourceRequest) => void): void {
  const monitor = pulumi.runtime.getMonitor() as unknown as Monitor;
  const register: Register = monitor.registerResource.bind(monitor);
  // The mock monitor asks for the resource's state before it first waits: no other request comes between.
  monitor.registerResource = (request, callback) => {
    hear(request);
    return register(request, callback);
  };
}

function registeredOf(request: RegisterResourceRequest, inputs: Record<string, unknown>): Registered {
  return {
    type: request.getType(),
    name: request.getName(),
    parent: nameIn(request.getParent()),
    inputs,
    provider: nameIn(request.getProvider()),
    dependsOn: request.getDependenciesList().map(nameIn).sort(),
    deletedWith: nameIn(request.getDeletedwith()),
    replacementTrigger: request.getReplacementTrigger()?.toJavaScript(),
    deleteBeforeReplace: request.getDeletebeforereplacedefined() ? request.getDeletebeforereplace() : undefined,
    ignoreChanges: request.getIgnorechangesList(),
    hideDiffs: request.getHidediffsList(),
    replaceOnChanges: request.getReplaceonchangesList(),
    secretOutputs: request.getAdditionalsecretoutputsList(),
    aliases: request.getAliasesList().map((alias) => {
      const spec = alias.getSpec();
      return [spec?.getName(), spec?.getType(), spec?.getParenturn()].find(Boolean) ?? alias.getUrn();
    }),
  };
}

/** The name in a URN, or in a provider's reference, which has an id after it. */
function nameIn(urn: string): string {
  return urn.split("::")[3] ?? "";
}

function readable(value: unknown): unknown {
  if (pulumi.runtime.isRpcSecret(value)) return { secret: readable(pulumi.runtime.unwrapRpcSecret(value)) };
  return mapped(value, readable);
}

function plainOf(value: unknown): unknown {
  return mapped(pulumi.runtime.unwrapRpcSecret(value), plainOf);
}

function mapped(value: unknown, change: (part: unknown) => unknown): unknown {
  if (Array.isArray(value)) return value.map(change);
  // Assets and archives are objects of classes; they are left alone.
  if (typeof value !== "object" || value === null || pulumi.asset.Asset.isInstance(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, change(part)]));
}

function recordOf(value: unknown): Record<string, unknown> {
  return value as Record<string, unknown>;
}
