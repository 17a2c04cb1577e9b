import { Argument, Command, CommanderError, Option, type OutputConfiguration } from "commander";
import type { CommandDefinition, CommandOption, Invocation } from "./command";
import { FarmError } from "../base/errors";

/** Options that every command takes. */
export const commonOptions: readonly CommandOption[] = [
  { flags: "-s, --stack <name>", description: "another farm than dev (or set PULUMI_STACK)" },
  {
    flags: "--isolated",
    description: "a libvirt of the farm's own, even where the system has one (or set FARM_ISOLATED)",
  },
];

/** The exit status for an invalid command line. */
export const usageStatus = 2;

/** A parsed command line. */
export interface Parsed {
  readonly definition: CommandDefinition;
  readonly invocation: Invocation;
  /** Default: PULUMI_STACK or `dev`, set by the context. */
  readonly stack: string | undefined;
  readonly isolated: boolean;
}

/** The width of help texts, in columns. */
const helpWidth = 80;

/**
 * Reads a command line.
 *
 * @returns the command with its arguments, or a help text
 * @throws FarmError with status 2, the mistake, and the nearest command or flag if there is one
 */
export function parse(definitions: readonly CommandDefinition[], argv: readonly string[], columns?: number) {
  let parsed: Parsed | undefined;
  let help = "";
  const output = {
    writeOut: (text: string) => (help += text),
    writeErr: () => undefined,
    getOutHelpWidth: () => Math.min(columns ?? helpWidth, helpWidth),
  };
  const program = programOf(definitions, output, (found) => {
    parsed = found;
  });
  try {
    program.parse(known(definitions, argv), { from: "user" });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode !== 0) throw new FarmError(explained(error.message, argv, definitions), usageStatus);
  }
  return parsed ?? help;
}

/** The command line; of one whose command does not exist only that word, since Commander takes `upp --help` for `--help`. */
function known(definitions: readonly CommandDefinition[], argv: readonly string[]): string[] {
  const [first = "help", second = "help"] = argv;
  const exists = (word: string) =>
    word.startsWith("-") || ["help", ...definitions.map(({ name }) => name)].includes(word);
  if (!exists(first)) return [first];
  return first === "help" && !exists(second) ? [second] : [first, ...argv.slice(1)];
}

function programOf(
  definitions: readonly CommandDefinition[],
  output: OutputConfiguration,
  found: (parsed: Parsed) => void,
): Command {
  const program = new Command("./farm")
    .usage("COMMAND [OPTIONS]")
    .description("A Docker Swarm farm on libvirt virtual machines, as one typed Pulumi program.")
    .configureOutput(output)
    .exitOverride()
    .enablePositionalOptions()
    .configureHelp({ subcommandTerm: (command) => command.name(), minWidthToWrap: 20 })
    .helpOption("-h, --help", "this help")
    .helpCommand("help [command]", "these lines, or the help of one command")
    .addHelpText("after", `\n${epilogue}`);
  for (const definition of definitions) program.addCommand(commandOf(definition, found).copyInheritedSettings(program));
  return program;
}

const epilogue = `./farm COMMAND --help shows a command's options.

Configuration: Pulumi.dev.yaml, explained in docs.
State, backups: ~/.local/state/swarm-farm · caches: ~/.cache/swarm-farm
Passphrase: ~/.config/swarm-farm
`;

function commandOf(definition: CommandDefinition, found: (parsed: Parsed) => void): Command {
  const { name, summary, description, examples = [], passesOn = false, passesOptionsOn = false } = definition;
  const command = new Command(name)
    .summary(summary)
    .description(description === undefined ? `${capitalized(summary)}.` : `${capitalized(summary)}.\n\n${description}`)
    .passThroughOptions(passesOn)
    .allowUnknownOption(passesOptionsOn)
    .allowExcessArguments(false);
  for (const { syntax, description } of definition.arguments ?? [])
    command.addArgument(new Argument(syntax, description));
  for (const option of [...(definition.options ?? []), ...commonOptions]) command.addOption(optionOf(option));
  if (examples.length > 0) {
    const lines = examples.map(({ line, what }) => `  ${line}\n      ${what}`);
    command.addHelpText("after", `\nExamples:\n${lines.join("\n")}`);
  }
  return command.action(() => {
    const { stack, isolated, ...options } = command.opts<{ stack?: string; isolated?: boolean }>();
    found({ definition, invocation: { arguments: command.args, options }, stack, isolated: isolated ?? false });
  });
}

function optionOf({ flags, description, repeatable = false }: CommandOption): Option {
  const option = new Option(flags, description);
  return repeatable
    ? option.argParser((value, before: readonly string[] | undefined) => [...(before ?? []), value])
    : option;
}

/** Output of `./farm help`, or `./farm COMMAND --help`, 80 columns wide. */
export function helpOf(definitions: readonly CommandDefinition[], command?: string): string {
  const help = parse(definitions, command === undefined ? ["help"] : ["help", command]);
  return typeof help === "string" ? help : "";
}

/** Commander's message in one line, with where to look. */
function explained(message: string, argv: readonly string[], definitions: readonly CommandDefinition[]): string {
  const [, fault = message] = /^error: ([^\n]*?)\.?(?:\n|$)/.exec(message) ?? [];
  const [, nearest] = /\(Did you mean (?:one of )?([^)?]+)\?\)/.exec(message) ?? [];
  const command = definitions.find(({ name }) => name === argv[0])?.name;
  const where = command === undefined ? "./farm help lists them all" : `./farm ${command} --help lists what it takes`;
  const meant =
    nearest === undefined
      ? ""
      : `; did you mean ${nearest
          .split(", ")
          .map((each) => `'${each}'`)
          .join(" or ")}?`;
  return `${fault}; ${where}${meant}`;
}

function capitalized(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
