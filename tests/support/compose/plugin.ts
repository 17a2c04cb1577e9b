import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { createInterface } from "node:readline";
import { credentials, type ServiceError } from "@grpc/grpc-js";
import { ResourceProviderClient } from "@pulumi/pulumi/proto/provider_grpc_pb";
import * as messages from "@pulumi/pulumi/proto/provider_pb";
import { Struct, type JavaScriptValue } from "google-protobuf/google/protobuf/struct_pb";
import { pluginFile } from "../plugin-file";

interface PropertyChange {
  readonly diffKind: string;
  readonly inputDiff: boolean;
}

/** The plugin's description of a change, as an event log of Pulumi has it. */
export interface Change {
  readonly keys: string[];
  readonly detailedDiff: Record<string, PropertyChange>;
}

/** Inputs or outputs of a resource. */
export type Properties = Readonly<Record<string, unknown>>;

/** A resource as the engine keeps it. */
export interface Made {
  readonly urn: string;
  readonly id: string;
  readonly inputs: Struct;
  readonly outputs: Struct;
}

/** The engine's words for kinds of changes, by their numbers in the protocol. */
const kinds = ["add", "add-replace", "delete", "delete-replace", "update", "update-replace"];

const program = pluginFile("pulumi-resource-docker");

/** Whether the docker plugin that `./farm setup` builds is there; without it the tests of what it sends are skipped. */
export const hasPlugin = existsSync(pluginFile("schema.json"));

/** Pulumi's docker plugin, asked as the engine does: what it makes of inputs is what a swarm gets. */
export class DockerPlugin {
  private constructor(
    readonly process: ChildProcess,
    readonly client: ResourceProviderClient,
  ) {}

  /** @param host Docker's API, e.g. `tcp://127.0.0.1:2375` */
  static async start(host: string): Promise<DockerPlugin> {
    // The first argument is the engine's address, to which the plugin logs: nobody listens there.
    const child = spawn(program, ["127.0.0.1:1"], { stdio: ["ignore", "pipe", "ignore"] });
    const [port] = (await once(createInterface(child.stdout), "line")) as [string];
    const client = new ResourceProviderClient(`127.0.0.1:${port}`, credentials.createInsecure());
    const request = new messages.ConfigureRequest().setArgs(structOf({ host }));
    request.getVariablesMap().set("docker:config:host", host);
    await answerOf<messages.ConfigureResponse>((done) => client.configure(request, done));
    return new DockerPlugin(child, client);
  }

  async create(type: string, name: string, inputs: Properties): Promise<Made> {
    const urn = `urn:pulumi:dev::swarm-farm::${type}::${name}`;
    const checked = await this.#check(urn, inputs);
    const request = new messages.CreateRequest().setUrn(urn).setProperties(checked);
    const created = await answerOf<messages.CreateResponse>((done) => this.client.create(request, done));
    return { urn, id: created.getId(), inputs: checked, outputs: created.getProperties() ?? new Struct() };
  }

  /** The resource as a refresh finds it; its state is JSON, as in `pulumi stack export`. */
  async read({
    urn,
    id,
    inputs,
    outputs,
  }: Made): Promise<{ readonly inputs: Properties; readonly outputs: Properties }> {
    const request = new messages.ReadRequest().setUrn(urn).setId(id).setInputs(inputs).setProperties(outputs);
    const found = await answerOf<messages.ReadResponse>((done) => this.client.read(request, done));
    return {
      inputs: found.getInputs()?.toJavaScript() ?? {},
      outputs: found.getProperties()?.toJavaScript() ?? {},
    };
  }

  /** The same resource with another state. */
  restored({ urn, id }: Made, state: { readonly inputs: Properties; readonly outputs: Properties }): Made {
    return { urn, id, inputs: structOf(state.inputs), outputs: structOf(state.outputs) };
  }

  /** A preview's changes. */
  async changes(made: Made, inputs: Properties, ignoreChanges: readonly string[]): Promise<Change> {
    return this.#diff(made, await this.#check(made.urn, inputs, made.inputs), ignoreChanges);
  }

  /** Changes it in place; nothing is done where the plugin would replace it, for the `keys` that it gives. */
  async update(made: Made, inputs: Properties, ignoreChanges: readonly string[]): Promise<Change> {
    const { urn, id, inputs: old, outputs } = made;
    const checked = await this.#check(urn, inputs, old);
    const change = await this.#diff(made, checked, ignoreChanges);
    if (change.keys.length > 0) return change;
    const request = new messages.UpdateRequest().setUrn(urn).setId(id).setOlds(outputs).setOldInputs(old);
    request.setNews(checked).setIgnorechangesList([...ignoreChanges]);
    await answerOf<messages.UpdateResponse>((done) => this.client.update(request, done));
    return change;
  }

  async stop(): Promise<void> {
    this.client.close();
    const ended = once(this.process, "exit");
    this.process.kill();
    await ended;
  }

  async #diff(
    { urn, id, inputs: old, outputs }: Made,
    checked: Struct,
    ignoreChanges: readonly string[],
  ): Promise<Change> {
    const diff = new messages.DiffRequest().setUrn(urn).setId(id).setOlds(outputs).setOldInputs(old).setNews(checked);
    diff.setIgnorechangesList([...ignoreChanges]);
    const found = await answerOf<messages.DiffResponse>((done) => this.client.diff(diff, done));
    const detailedDiff: Record<string, PropertyChange> = {};
    found.getDetaileddiffMap().forEach((each, path) => {
      detailedDiff[path] = { diffKind: kinds[each.getKind()] ?? "", inputDiff: each.getInputdiff() };
    });
    return { keys: found.getReplacesList(), detailedDiff };
  }

  async #check(urn: string, inputs: Properties, old?: Struct): Promise<Struct> {
    const request = new messages.CheckRequest().setUrn(urn).setNews(structOf(inputs)).setOlds(old);
    const answer = await answerOf<messages.CheckResponse>((done) => this.client.check(request, done));
    const failures = answer.getFailuresList().map((each) => `${each.getProperty()}: ${each.getReason()}`);
    if (failures.length > 0) throw new Error(`the plugin refuses '${urn}':\n${failures.join("\n")}`);
    return answer.getInputs() ?? new Struct();
  }
}

function structOf(properties: Properties): Struct {
  return Struct.fromJavaScript(properties as Record<string, JavaScriptValue>);
}

function answerOf<T>(ask: (done: (error: ServiceError | null, answer: T) => void) => unknown): Promise<T> {
  return new Promise((resolve, reject) => {
    ask((error, answer) => {
      if (error) reject(error);
      else resolve(answer);
    });
  });
}
