import type { Context } from "../context/context";

/** An option in commander's syntax. */
export interface CommandOption {
  /** For example `--markdown <file>` or `-r, --refresh`. */
  readonly flags: string;
  readonly description: string;
  /** May be given several times; its value is then a list. Default: false. */
  readonly repeatable?: boolean;
}

/** A positional argument. */
export interface CommandArgument {
  /** In commander's syntax: `<node>`, `[command...]`. */
  readonly syntax: string;
  readonly description: string;
  /** Words that completion offers; others may be taken too. Default: none. */
  readonly words?: readonly string[];
}

/** Arguments and options of a command line. */
export interface Invocation {
  readonly arguments: readonly string[];
  /** By commander's camel-case names. */
  readonly options: Readonly<Record<string, unknown>>;
}

/** One command of `./farm`. The parser, `--help`, completion and docs/commands are generated from it. */
export interface CommandDefinition {
  readonly name: string;
  /** Its line in `./farm help`: lower case, no full stop. */
  readonly summary: string;
  /** Further paragraphs of `./farm NAME --help`. Default: none. */
  readonly description?: string;
  /** Default: none. */
  readonly arguments?: readonly CommandArgument[];
  /** Default: none but `--stack`, `--isolated` and `--help`, which every command has. */
  readonly options?: readonly CommandOption[];
  /**
   * Everything from the first argument on belongs to another program (`./farm ssh NODE ls -l`): no option is read there.
   * Default: false.
   */
  readonly passesOn?: boolean;
  /**
   * Passes unknown options to another program as arguments (`./farm up --diff`); that program refuses those that it does not
   * know. Default: false.
   */
  readonly passesOptionsOn?: boolean;
  /**
   * Advice after Ctrl-C, e.g. `./farm up goes on where it stopped`; empty where people end the command so, and nothing is to be read.
   * Default: the same command again.
   */
  readonly interrupted?: string;
  /** Example command lines, each with an explanation. Default: none. */
  readonly examples?: readonly { readonly line: string; readonly what: string }[];
  /** @throws FarmError */
  run(context: Context, invocation: Invocation): Promise<void>;
}
