import * as command from "@pulumi/command";
import type * as pulumi from "@pulumi/pulumi";

interface GeneratedSecretArgs {
  /** A script that prints the secret. Its values come from `environment`. */
  readonly create: string;
  readonly environment?: Readonly<Record<string, pulumi.Input<string>>>;
  readonly stdin?: pulumi.Input<string>;
  /** Another value generates another secret. Where there are any, all of `environment` and `stdin` must follow from them. */
  readonly triggers?: readonly pulumi.Input<string>[];
}

/**
 * A secret that is generated once and kept in the state, encrypted: an edited script must not generate another.
 *
 * The script has no values of its own, since a change of it is ignored: what a rotation changes is in `environment` and
 * `stdin`. A replaced command runs the present text.
 *
 * @param aliases its names or parents in older farms
 */
export function generateSecret(
  name: string,
  args: GeneratedSecretArgs,
  parent: pulumi.Resource,
  aliases: pulumi.Alias[] = [],
): command.local.Command {
  const { create, environment, stdin, triggers = [] } = args;
  return new command.local.Command(
    name,
    {
      create,
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

/** Names one of two that exist at the same time, the previous one and its successor; the first has no number. */
export function rotatedName(name: string, rotation: number): string {
  return rotation > 1 ? `${name}-${String(rotation)}` : name;
}
