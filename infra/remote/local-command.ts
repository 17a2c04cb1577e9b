import * as command from "@pulumi/command";
import type * as pulumi from "@pulumi/pulumi";

/**
 * A command where Pulumi runs. Its output is not logged, since it may be secret. With a `delete` it is deleted before it is
 * replaced: the old one undoes what the new one does.
 */
export function localCommand(
  name: string,
  args: command.local.CommandArgs,
  opts: pulumi.CustomResourceOptions,
): command.local.Command {
  return new command.local.Command(
    name,
    { logging: "none", ...args },
    args.delete === undefined ? opts : { deleteBeforeReplace: true, ...opts },
  );
}
