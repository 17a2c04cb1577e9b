import * as command from "@pulumi/command";
import * as pulumi from "@pulumi/pulumi";
import { transformed, type Transform } from "../component/transform";
import type { NodeAccess } from "./access";

/** Longer than a booting node on a busy host takes to accept a connection. */
const dialTimeoutSeconds = 15;

/** Retries until the deadline of the operation: a booting node refuses or ignores connections for minutes. */
const unlimitedDials = -1;

interface RemoteCommandArgs {
  readonly on: NodeAccess;
  /** Runs at creation, and again in place when its text changes: it must be idempotent. */
  readonly create: pulumi.Input<string>;
  readonly delete?: pulumi.Input<string> | undefined;
  /** Secrets are passed here: never on a command line, where every process of the node could read them. */
  readonly stdin?: pulumi.Input<string> | undefined;
  /** Identities whose change runs the command again, e.g. a VM's id; never the text of a script. */
  readonly triggers?: readonly pulumi.Input<string>[];
  /** Default: nothing changes. */
  readonly transform?: Transform<command.remote.CommandArgs, pulumi.CustomResourceOptions> | undefined;
}

/** The time limit of a command, including its wait for the node. */
const timeout = "15m";

/** The time limit for every operation of a command. */
export const customTimeouts = { create: timeout, update: timeout, delete: timeout };

/** The connection to a node: as root, with its host key pinned, retried until the node has booted. */
export function connectionTo(node: NodeAccess): command.types.input.remote.ConnectionArgs {
  return {
    host: node.address,
    user: "root",
    privateKey: node.privateKey,
    hostKey: node.hostKey,
    dialErrorLimit: unlimitedDials,
    perDialTimeout: dialTimeoutSeconds,
  };
}

/** A command on a node, with its host key pinned and nothing logged. */
export function remoteCommand(
  name: string,
  args: RemoteCommandArgs,
  opts: pulumi.CustomResourceOptions,
): command.remote.Command {
  const { on, triggers = [] } = args;
  const inputs: command.remote.CommandArgs = {
    connection: connectionTo(on),
    create: args.create,
    delete: args.delete,
    stdin: args.stdin,
    triggers: [...triggers],
    logging: "none",
    // It would be passed as an ssh environment variable, which servers refuse unless configured to accept it.
    addPreviousOutputInEnv: false,
  };
  return new command.remote.Command(
    // An old "leave" must run before the new "join", or it would remove the node that just joined.
    ...transformed(args.transform, name, inputs, { ...opts, deleteBeforeReplace: true, customTimeouts }),
  );
}
