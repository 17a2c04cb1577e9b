import { Server, ServerCredentials, type UntypedHandleCall, type handleUnaryCall } from "@grpc/grpc-js";
import { ResourceProviderService } from "@pulumi/pulumi/proto/provider_grpc_pb";
import * as messages from "@pulumi/pulumi/proto/provider_pb";
import { PluginInfo } from "@pulumi/pulumi/proto/plugin_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { Struct, type JavaScriptValue } from "google-protobuf/google/protobuf/struct_pb";
import { stateOf } from "./states";

/** The engine's mark of a secret value. */
const signature = "4dabf18193072939515e22adb298388d";

/**
 * Pulumi's command plugin as an engine reaches it with PULUMI_DEBUG_PROVIDERS: it runs no command, and every command has printed
 * at once the output that tests/support/states.ts has for it.
 */
export class FakeCommands {
  /** Names of the commands created, in order. */
  readonly created: string[] = [];
  readonly #server = new Server();
  #port = 0;

  static async start(version: string): Promise<FakeCommands> {
    const plugin = new FakeCommands();
    plugin.#server.addService(ResourceProviderService, plugin.#methods(version));
    plugin.#port = await new Promise<number>((resolve, reject) => {
      plugin.#server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, port) => {
        if (error) reject(error);
        else resolve(port);
      });
    });
    return plugin;
  }

  /** The value of PULUMI_DEBUG_PROVIDERS. */
  get debugProviders(): string {
    return `command:${String(this.#port)}`;
  }

  stop(): void {
    this.#server.forceShutdown();
  }

  #methods(version: string): Readonly<Record<string, UntypedHandleCall>> {
    const empty = () => new Empty();
    return {
      attach: unary(empty),
      cancel: unary(empty),
      getPluginInfo: unary(() => new PluginInfo().setVersion(version)),
      checkConfig: unary((request: messages.CheckRequest) => new messages.CheckResponse().setInputs(request.getNews())),
      diffConfig: unary(() => new messages.DiffResponse()),
      configure: unary(() => new messages.ConfigureResponse().setAcceptsecrets(true).setSupportspreview(true)),
      check: unary((request: messages.CheckRequest) => new messages.CheckResponse().setInputs(request.getNews())),
      diff: unary(() => new messages.DiffResponse().setChanges(messages.DiffResponse.DiffChanges.DIFF_NONE)),
      create: unary((request: messages.CreateRequest) => this.#create(request)),
      delete: unary(empty),
    };
  }

  #create(request: messages.CreateRequest): messages.CreateResponse {
    const [, , types = "", name = ""] = request.getUrn().split("::");
    const inputs = request.getProperties()?.toJavaScript() ?? {};
    if (!request.getPreview()) this.created.push(name);
    const { id, state } = stateOf(types.split("$").at(-1) ?? "", name, plainOf(inputs) as Record<string, unknown>);
    const outputs = { ...inputs, stdout: state.stdout as JavaScriptValue, stderr: "" };
    return new messages.CreateResponse().setId(id).setProperties(Struct.fromJavaScript(outputs));
  }
}

/** @param answer to a request of the type that its method has */
function unary(answer: (request: never) => unknown): UntypedHandleCall {
  const handle: handleUnaryCall<unknown, unknown> = (call, done) => {
    done(null, answer(call.request as never));
  };
  return handle;
}

/** Values without the marks of secrets. */
function plainOf(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plainOf);
  if (typeof value !== "object" || value === null) return value;
  if (signature in value) return plainOf((value as { readonly value?: unknown }).value);
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, plainOf(part)]));
}
