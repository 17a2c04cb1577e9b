/**
 * An error of a person's input, which ends the program: its message says what to do. Pulumi shows it without a stack trace, as it does
 * with its own `RunError`, which this cannot extend: what reads the configuration stands below Pulumi.
 */
export class ProgramError extends Error {
  /** The mark by which Pulumi knows its `RunError`. */
  readonly __pulumiRunError = true;
}
