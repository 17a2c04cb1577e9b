/** One thing that is wrong with a configuration, told so that the person can mend it. */
export interface Problem {
  /** Where it stands, e.g. `nodes.worker2.memoryMiB`. */
  readonly path: string;
  /** The value got, what is allowed and what to do: lower case, no final full stop. */
  readonly message: string;
}

/** All problems at once, one a line: nothing is touched while there is any. */
export class ConfigError extends Error {
  constructor(readonly problems: readonly Problem[]) {
    const lines = problems.map(({ path, message }) => `  ${path}: ${message}`);
    const count = problems.length === 1 ? "1 problem" : `${String(problems.length)} problems`;
    super(`the configuration has ${count}:\n${lines.join("\n")}`);
    this.name = "ConfigError";
  }
}
