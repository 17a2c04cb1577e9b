import { FarmError } from "../base/errors";
import type { CommandOption } from "../command-line/command";
import { usageStatus } from "../command-line/parser";

/** Common flags of Pulumi, with the commands that have them; others follow `--`. */
const all: readonly (CommandOption & { readonly of: readonly PulumiCommand[] })[] = [
  { flags: "-y, --yes", description: "do not ask", of: ["up", "refresh", "destroy"] },
  { flags: "--diff", description: "show every property that changes", of: ["up", "preview", "refresh", "destroy"] },
  { flags: "-r, --refresh", description: "refresh the state from the real resources first", of: ["up", "preview"] },
  { flags: "-f, --skip-preview", description: "skip the preview", of: ["up", "refresh", "destroy"] },
  {
    flags: "-t, --target <urn>",
    description: "only this resource",
    repeatable: true,
    of: ["up", "preview", "refresh", "destroy"],
  },
  {
    flags: "--target-dependents",
    description: "with --target: also resources that depend on it",
    of: ["up", "preview", "destroy"],
  },
  {
    flags: "--exclude <urn>",
    description: "all but this resource",
    repeatable: true,
    of: ["up", "preview", "refresh", "destroy"],
  },
  { flags: "--replace <urn>", description: "replace this resource", repeatable: true, of: ["up", "preview"] },
  {
    flags: "-m, --message <text>",
    description: "a message to record with the update",
    of: ["up", "preview", "refresh", "destroy"],
  },
  {
    flags: "-p, --parallel <number>",
    description: "operations to run in parallel",
    of: ["up", "preview", "refresh", "destroy"],
  },
  { flags: "-d, --debug", description: "log the steps of the engine", of: ["up", "preview", "refresh", "destroy"] },
  { flags: "--expect-no-changes", description: "fail if anything changes", of: ["up", "preview", "refresh"] },
  {
    flags: "--continue-on-error",
    description: "continue with the other resources after an error",
    of: ["up", "destroy"],
  },
  { flags: "--show-sames", description: "also show unchanged resources", of: ["up", "preview"] },
  {
    flags: "--show-replacement-steps",
    description: "show a replacement as a creation and a deletion",
    of: ["up", "preview", "refresh", "destroy"],
  },
  { flags: "--suppress-outputs", description: "show no outputs", of: ["up", "preview", "refresh", "destroy"] },
  { flags: "--remove", description: "remove the stack and its configuration once it is empty", of: ["destroy"] },
];

/** Commands whose flags are declared. */
export type PulumiCommand = "up" | "preview" | "refresh" | "destroy";

/** The declared flags of a command. */
export function flagsOf(command: PulumiCommand): readonly CommandOption[] {
  return all.filter(({ of }) => of.includes(command)).map(({ of: _, ...option }) => option);
}

/** Arguments after `--`, which Pulumi gets unchanged. */
export const pulumiArguments = [
  { syntax: "[pulumi...]", description: "after --: passed to Pulumi unchanged" },
] as const;

/**
 * The arguments of `pulumi` for a command line.
 *
 * @param options by commander's camel-case names
 * @param rest what stands behind `--`
 * @throws FarmError for a word without an option, e.g. `./farm up worker1`: Pulumi refuses it too, after everything was set up
 */
export function argumentsOf(
  command: PulumiCommand,
  options: Readonly<Record<string, unknown>>,
  rest: readonly string[] = [],
): string[] {
  const [first] = rest;
  if (first !== undefined && !first.startsWith("-"))
    throw new FarmError(
      `unexpected argument '${first}': only Pulumi's own options may follow, behind --; ./farm ${command} --help lists what it takes`,
      usageStatus,
    );
  return [...declared(command, options), ...rest];
}

function declared(command: PulumiCommand, options: Readonly<Record<string, unknown>>): string[] {
  return flagsOf(command).flatMap(({ flags }) => {
    const [, name = ""] = /--([a-z-]+)/.exec(flags) ?? [];
    const value = options[name.replaceAll(/-([a-z])/g, (_, letter: string) => letter.toUpperCase())];
    if (value === true) return [`--${name}`];
    if (typeof value === "string") return [`--${name}`, value];
    return Array.isArray(value) ? value.flatMap((each) => [`--${name}`, String(each)]) : [];
  });
}
