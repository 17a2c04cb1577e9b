import { counted } from "./counted";
import { ProgramError } from "./program-error";

/** One problem of a configuration, with what to do about it. */
export interface Problem {
  /** The key's path, e.g. `nodes.worker2.memoryMiB`. */
  readonly path: string;
  /** The value, what is allowed and what to do: lower case, no final full stop. */
  readonly message: string;
}

/** All problems, one a line; nothing was touched. */
export class ConfigError extends ProgramError {
  constructor(readonly problems: readonly Problem[]) {
    const lines = problems.map(({ path, message }) => `  ${path}: ${message}`);
    const count = counted(problems.length, "problem");
    super(`the configuration has ${count}:\n${lines.join("\n")}`);
    this.name = "ConfigError";
  }
}
