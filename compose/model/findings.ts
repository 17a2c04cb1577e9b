import { formatPosition, type Position } from "./position";

/**
 * Treatment of a key.
 * - `honoured`: it means what it means to `docker stack deploy`.
 * - `improved`: docker refuses or ignores it; here it works.
 * - `refused`: the stack is not deployed.
 */
export type Outcome = "honoured" | "improved" | "refused";

/** A key of a compose file at one position, and its treatment. */
export interface Finding extends Position {
  /** E.g. `services.web.ports[0]`; empty for the whole file. */
  readonly path: string;
  readonly outcome: Outcome;
  /** Why, in one sentence: lower case, no final full stop. Only a key that is honoured may have none. */
  readonly reason?: string;
  /** Alternative to write. Every refusal has one. */
  readonly alternative?: string;
}

/** A finding as one line: `compose.yaml:7: services.web.links: docker ignores it; use 'networks'`. */
export function describe(finding: Finding): string {
  const { path, reason = finding.outcome, alternative } = finding;
  return `${formatPosition(finding)}: ${path === "" ? "" : `${path}: `}${reason}${alternative === undefined ? "" : `; ${alternative}`}`;
}

/** Collects findings, so that a person sees all of them at once. */
export class Findings {
  readonly #all: Finding[] = [];
  /** Paths of keys that are refused whatever they hold. */
  readonly #closed = new Set<string>();

  /** Sorted by file and line, each once: an anchor that several services use stands at one place. */
  get all(): readonly Finding[] {
    const unique = new Map(this.#all.map((finding) => [describe(finding) + finding.outcome, finding]));
    return [...unique.values()].sort((a, b) => a.file.localeCompare(b.file) || a.line - b.line);
  }

  get refused(): boolean {
    return this.#all.some(({ outcome }) => outcome === "refused");
  }

  /** Whether something at exactly this path is refused. */
  isRefused(path: string): boolean {
    return this.#all.some((finding) => finding.outcome === "refused" && finding.path === path);
  }

  add({ file, line }: Position, path: string, finding: Pick<Finding, "outcome" | "reason" | "alternative">): void {
    this.#all.push({ file, line, path, ...finding });
  }

  refuse(at: Position, path: string, reason: string, alternative: string): void {
    // A problem inside a key that is refused anyway would be a second message about it.
    if ([...this.#closed].some((key) => path.startsWith(`${key}.`) || path.startsWith(`${key}[`))) return;
    this.add(at, path, { outcome: "refused", reason, alternative });
  }

  /** The outcome of a key, whatever its value: nothing more is reported inside of one that is refused. */
  key(at: Position, path: string, finding: Pick<Finding, "outcome" | "reason" | "alternative">): void {
    this.add(at, path, finding);
    if (finding.outcome === "refused") this.#closed.add(path);
  }

  improve(at: Position, path: string, reason: string): void {
    this.add(at, path, { outcome: "improved", reason });
  }

  /** The key is honoured, and a person should know more. */
  hint(at: Position, path: string, reason: string, alternative?: string): void {
    this.add(at, path, { outcome: "honoured", reason, ...(alternative === undefined ? {} : { alternative }) });
  }
}
