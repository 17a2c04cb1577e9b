import { EndedWith } from "../base/errors";
import { attach, type Argv } from "./run";

/**
 * Runs a program with this process's terminal, in place of `./farm`: the program handles Ctrl-C.
 *
 * @throws EndedWith if its status is not 0
 */
export async function handOver(argv: Argv, options: Omit<NonNullable<Parameters<typeof attach>[1]>, "signal"> = {}) {
  const status = await attach(argv, options);
  if (status !== 0) throw new EndedWith(status);
}
