import type * as command from "@pulumi/command";
import * as pulumi from "@pulumi/pulumi";
import { transformed, type Transform } from "../component/transform";
import { customTimeouts } from "./command";
import { managerHost } from "./manager-host";
import type { ManagerShell } from "./manager-shell";
import { scripts } from "./scripts";
import { shellQuote } from "./shell";
import { localCommand } from "./local-command";

/** How the script runs, and what explains its failure. */
interface Run {
  /** The farm's name: its ssh files reach the node. */
  readonly farm: string;
  /** The node to run it on, where it finds all managers in `$MANAGERS` as `name=address`. Default: any manager. */
  readonly on?: string | undefined;
  /** The console log of the VM that it is about, on its hypervisor: printed where it fails. */
  readonly consoleLog: string;
  /** Another script, run after it. Default: none */
  readonly then?: { readonly on: string; readonly script: string } | undefined;
}

interface SwarmCommandArgs {
  readonly shell: ManagerShell;
  /** Resources to create first, e.g. the boot of a node. Default: those that its inputs depend on */
  readonly after?: readonly pulumi.Resource[];
  /** Runs at creation, and again in place when its text changes: it must be idempotent. */
  readonly create: pulumi.Input<string>;
  readonly delete?: string | undefined;
  /** Default: on any manager, and only its own messages explain a failure */
  readonly run?: Run | undefined;
  /** The node that it is about: `delete` runs on another one, since a node cannot remove itself from the swarm. */
  readonly about?: string | undefined;
  /** Secrets are passed here: never in a script's text. */
  readonly stdin?: pulumi.Input<string> | undefined;
  /** Identities whose change runs the command again, e.g. a VM's id; never the text of a script. */
  readonly triggers?: readonly pulumi.Input<string>[];
  /** Default: nothing changes. */
  readonly transform?: Transform<command.local.CommandArgs, pulumi.CustomResourceOptions> | undefined;
}

/**
 * `ignoreChanges` of a command that prints an identity on which other resources depend, e.g. a node's id. In a preview the
 * output of an updated command is unknown: an edited script would show everything that depends on it as replaced.
 */
export const sameIdentity = ["create"];

/** A command on a node, or on the first manager that responds: it does not change when managers are added or removed. */
export function swarmCommand(
  name: string,
  args: SwarmCommandArgs,
  opts: pulumi.CustomResourceOptions,
): command.local.Command {
  const { shell, after = [], about, run, triggers = [] } = args;
  const call = (script: string, except?: string) => `exec ${shell.onManager(except)} ${shellQuote(script)}`;
  const create = (script: string) =>
    run === undefined
      ? call(script)
      : scripts("run-on-nodes.sh", {
          FARM: run.farm,
          HOST: run.on ?? managerHost(),
          SCRIPT: script,
          THEN_HOST: run.then?.on ?? "",
          THEN_SCRIPT: run.then?.script ?? "",
          CONSOLE_LOG: run.consoleLog,
        });
  const inputs: command.local.CommandArgs = {
    create: pulumi.output(args.create).apply(create),
    ...(args.delete === undefined ? {} : { delete: call(args.delete, about) }),
    ...(args.stdin === undefined ? {} : { stdin: args.stdin }),
    triggers: [...triggers],
    addPreviousOutputInEnv: false,
  };
  return localCommand(
    ...transformed(args.transform, name, inputs, {
      ...pulumi.mergeOptions({ dependsOn: [...after] }, opts),
      // An old "leave" must run before the new "join", or it would remove the node that just joined.
      deleteBeforeReplace: true,
      customTimeouts,
    }),
  );
}
