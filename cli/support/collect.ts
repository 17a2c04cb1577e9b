import type { Mask } from "../secrets/mask";
import type { Part } from "./part";

/** A file of the archive, without secrets. */
export interface SupportFile {
  readonly path: string;
  readonly text: string;
}

/**
 * Collects all parts side by side. A part that fails, or takes too long, is a line of the report.
 *
 * @param signal ends what still runs: what is there by then is kept
 * @returns the files, `report.txt` first; every text went through the mask
 */
export async function collect(parts: readonly Part[], mask: Mask, signal: AbortSignal, notes: readonly string[] = []) {
  const collected = await Promise.all(parts.map(async (part) => ({ part, found: await foundFor(part, signal) })));
  const lines = collected.map(
    ({ part, found }) =>
      `${found.problem === undefined ? "ok    " : "failed"}  ${part.path}${
        found.problem === undefined ? "" : `: ${found.problem}`
      }`,
  );
  const report = { path: "report.txt", text: mask([...notes, ...lines].map((line) => `${line}\n`).join("")) };
  const files = collected.flatMap(({ part, found }): SupportFile[] =>
    found.text === "" ? [] : [{ path: part.path, text: mask(found.text) }],
  );
  return { files: [report, ...files], failed: collected.filter(({ found }) => found.problem !== undefined).length };
}

async function foundFor(part: Part, signal: AbortSignal): ReturnType<Part["collect"]> {
  const { seconds } = part;
  const deadline = AbortSignal.timeout(seconds * 1000);
  const ended = AbortSignal.any([deadline, signal]);
  const late = () => (deadline.aborted ? `no answer within ${String(seconds)} s` : "interrupted");
  // A program that ignores SIGTERM, or leaves its pipes to a child, is not waited for.
  const over = new Promise<{ text: string; problem: string }>((resolve) => {
    const grace = 1000;
    ended.addEventListener("abort", () => {
      setTimeout(() => {
        resolve({ text: "", problem: late() });
      }, grace).unref();
    });
  });
  try {
    const found = await Promise.race([part.collect(ended), over]);
    return ended.aborted ? { text: found.text, problem: late() } : found;
  } catch (error) {
    return { text: "", problem: error instanceof Error ? error.message : String(error) };
  }
}
