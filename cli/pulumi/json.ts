import { FarmError } from "../base/errors";

/**
 * Reads JSON that Pulumi printed or wrote.
 *
 * @param what it is, e.g. `the stack's state`
 * @param next what a person does about it
 * @throws FarmError if it ends early or is no JSON
 */
export function parseJson(text: string, what: string, next = "try again; see that no disk is full"): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new FarmError(`${what} cannot be read: ${error instanceof Error ? error.message : String(error)}: ${next}`);
  }
}
