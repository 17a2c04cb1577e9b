import type * as command from "@pulumi/command";
import * as pulumi from "@pulumi/pulumi";
import { localCommand } from "../remote/local-command";

interface GeneratedSecretArgs {
  /** A script that prints the secret. Its values come from `environment`. */
  readonly create: string;
  readonly environment?: Readonly<Record<string, pulumi.Input<string>>>;
  readonly stdin?: pulumi.Input<string>;
  /** Another value generates another secret. If there are any, `environment` and `stdin` must depend on nothing else. */
  readonly triggers?: readonly pulumi.Input<string>[];
  /** Its names or parents in farms of earlier versions. */
  readonly aliases?: pulumi.Alias[];
}

/**
 * A secret that is generated once and kept in the state, encrypted; an edited script generates no other.
 *
 * Changes of the script are ignored, so its values come from `environment` and `stdin`. A replaced command runs the present
 * text.
 */
export function generateSecret(
  name: string,
  args: GeneratedSecretArgs,
  parent: pulumi.Resource,
): command.local.Command {
  const { create, environment, stdin, triggers = [], aliases = [] } = args;
  return localCommand(
    name,
    {
      create,
      update: ":",
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

/** The version of a generated secret: it differs for each, and reveals nothing about it. */
export function generatedVersion({ id }: Pick<command.local.Command, "id">, rotation: number): pulumi.Output<string> {
  return pulumi.unsecret(id).apply((known) => `${String(rotation)}-${known.slice(-6)}`);
}

/** A name for one of several generations that exist at the same time; the first has no number. */
export function rotatedName(name: string, rotation: number): string {
  return rotation > 1 ? `${name}-${String(rotation)}` : name;
}
