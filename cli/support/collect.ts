import type { Mask } from "../secrets/mask";
import type { Part } from "./part";

/** A file of the archive, without secrets. */
export interface SupportFile {
  readonly path: string;
  readonly text: string;
}

/**
 * Collects all parts in parallel. A part that fails or times out is a line in the report.
 *
 * @param signal ends the parts that still run; finished parts are kept
 * @returns the files, `report.txt` first; all texts are masked
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
  // Does not wait for programs that ignore SIGTERM or leave their pipes to a child.
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
