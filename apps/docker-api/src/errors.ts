import * as z from "zod";

/** Docker answered with an error status. */
export class DockerError extends Error {
  constructor(
    readonly status: number,
    message: string,
  ) {
    super(message);
  }
}

/** The object was changed after it was read: read it and decide again. */
export class OutOfSequence extends Error {}

/** The daemon's API is too old. */
export class UnsupportedApi extends Error {}

/** Whether Docker certainly did not carry out a request; after a broken connection that is unknown. */
export const wasRefused = (error: unknown): boolean => error instanceof DockerError || error instanceof OutOfSequence;

/** The message in the body of an error. */
export function messageOf(body: string): string {
  try {
    return z.object({ message: z.string() }).parse(JSON.parse(body)).message;
  } catch {
    // A proxy's, which has another form.
    return body.trim().slice(0, 300);
  }
}
