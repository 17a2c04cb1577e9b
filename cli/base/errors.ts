/** A command is refused, interrupted or guarded; `./farm` prints only the message. */
export class FarmError extends Error {
  override readonly name = "FarmError";

  /**
   * @param message what failed, on what, why, and what to do; lower case, no full stop
   * @param exitCode of `./farm`
   */
  constructor(
    message: string,
    readonly exitCode = 1,
  ) {
    super(message);
  }
}

/** Ends `./farm` with the status of a program that had its terminal and printed the reason. */
export class EndedWith extends Error {
  override readonly name = "EndedWith";

  constructor(readonly status: number) {
    super(`a program ended with ${String(status)}`);
  }
}
