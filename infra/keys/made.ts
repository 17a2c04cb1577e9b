import * as command from "@pulumi/command";
import type * as pulumi from "@pulumi/pulumi";

interface MadeArgs {
  /** Prints what is made; what it writes on the way lies in `$dir`, a folder in memory that is gone when it ends. */
  readonly create: string;
  readonly environment?: Readonly<Record<string, pulumi.Input<string>>>;
  readonly stdin?: pulumi.Input<string>;
  /** Another value makes another one. Where there are any, all of `environment` and `stdin` must follow from them. */
  readonly triggers?: readonly pulumi.Input<string>[];
}

/**
 * A secret that is made once and kept in the state, encrypted: an edited script must not make another.
 *
 * What is ignored stays as it was even when a trigger replaces the command: what a new one is made from must not be.
 *
 * @param aliases what it was before, where it was something else
 */
export function made(
  name: string,
  args: MadeArgs,
  parent: pulumi.Resource,
  aliases: pulumi.Alias[] = [],
): command.local.Command {
  const { create, environment, stdin, triggers = [] } = args;
  return new command.local.Command(
    name,
    {
      create: ["set -eu", "umask 077", "dir=$(mktemp -d -p /dev/shm)", `trap 'rm -rf "$dir"' EXIT`, create].join("\n"),
      update: ":",
      logging: "none",
      triggers: [...triggers],
      ...(environment ? { environment } : {}),
      ...(stdin === undefined ? {} : { stdin }),
    },
    {
      parent,
      aliases,
      additionalSecretOutputs: ["stdout"],
      ignoreChanges: triggers.length > 0 ? ["create"] : ["create", "environment", "stdin"],
    },
  );
}

/** Names one of several that are there at the same time, the previous one and its successor; the first has no number. */
export function rotatedName(name: string, rotation: number): string {
  return rotation > 1 ? `${name}-${String(rotation)}` : name;
}
