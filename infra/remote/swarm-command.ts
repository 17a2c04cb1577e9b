import * as command from "@pulumi/command";
import * as pulumi from "@pulumi/pulumi";
import { anyManager } from "./any-manager";
import { customTimeouts } from "./command";
import { shellQuote } from "./shell";
import type { SshClient } from "./ssh-files";

interface SwarmCommandArgs {
  readonly ssh: SshClient;
  /** What is done before it: a node that was waited for over ssh, or what comes after one. Default: what its inputs are of. */
  readonly after?: readonly pulumi.Resource[];
  /** Runs at creation, and again in place when its text changes: it must be idempotent. */
  readonly create: pulumi.Input<string>;
  readonly delete?: string | undefined;
  /** Shell text that tells more where Pulumi runs, once `create` has failed. Default: its own words are enough. */
  readonly explain?: string | undefined;
  /** A node to create it on, where the script finds all managers in `$managers` as `name=address`. Default: any manager. */
  readonly on?: string | undefined;
  /** What a node is asked for once `create` has ended well, where there is an `explain`. Default: nothing */
  readonly afterwards?: { readonly on: string; readonly script: string } | undefined;
  /** A node whose business it is: nothing of it runs there, since a node that is taken out cannot see to that itself. */
  readonly about?: string | undefined;
  readonly stdin?: pulumi.Input<string> | undefined;
  /** Identities whose change runs the command anew, e.g. a VM's id; never the text of a script. */
  readonly triggers?: readonly pulumi.Input<string>[];
}

/** A command on a manager of the swarm, whichever answers, or on a node: managers that die, come or go do not change it. */
export function swarmCommand(
  name: string,
  args: SwarmCommandArgs,
  opts: Omit<pulumi.CustomResourceOptions, "dependsOn">,
): command.local.Command {
  const { ssh, after = [], about, on, explain, afterwards, triggers = [] } = args;
  const managers = on === undefined ? "" : `"managers='$(${ssh.listManagers()})'; "`;
  const patience = `"FARM_WAIT_SECONDS=\${FARM_WAIT_SECONDS:-}; "`;
  const call = (host: string, script: string, before = "") => `${ssh.call(host)} ${before}${shellQuote(script)}`;
  const create = (script: string) => {
    const host = on ?? anyManager();
    if (explain === undefined) return `exec ${call(host, script, managers)}`;
    const calls = [
      call(host, script, `${managers}${patience}`),
      ...(afterwards ? [call(afterwards.on, afterwards.script, patience)] : []),
    ];
    return `${calls.join(" && ")} && exit\nstatus=$?\n${explain}\nexit $status`;
  };
  return new command.local.Command(
    name,
    {
      create: pulumi.output(args.create).apply(create),
      ...(args.delete === undefined ? {} : { delete: `exec ${call(anyManager(about), args.delete)}` }),
      ...(args.stdin === undefined ? {} : { stdin: args.stdin }),
      triggers: [...triggers],
      logging: "none",
      addPreviousOutputInEnv: false,
    },
    {
      ...opts,
      dependsOn: [...after],
      // An old "leave" must run before the new "join", or it would eject the node that just joined.
      deleteBeforeReplace: true,
      customTimeouts,
    },
  );
}
