import type { Outcome } from "../model/findings";

/** What `docker stack deploy` does with a key. */
export type DockerOutcome = "honours" | "warns and ignores" | "ignores" | "refuses";

/** One key of compose files, and what happens to it. */
export interface Key {
  /** With `*` for a name and `[]` for an item of a list, e.g. `services.*.ports[].target`. */
  readonly path: string;
  readonly docker: DockerOutcome;
  readonly outcome: Outcome;
  /** What is better, or why it is refused. */
  readonly reason?: string;
  /** For the documentation alone: what is better only for some values. */
  readonly note?: string;
  /** What to write instead of a key that is refused. */
  readonly alternative?: string;
  /** Whether any key may stand below it, e.g. in `environment`. */
  readonly open?: boolean;
}

/** Keys that mean what they mean to docker. */
export function honoured(below: string, ...names: readonly string[]): Key[] {
  return names.map((name) => ({ path: below + name, docker: "honours", outcome: "honoured" }));
}

/** Honoured keys below which any key may stand. */
export function honouredMap(below: string, ...names: readonly string[]): Key[] {
  return honoured(below, ...names).map((key) => ({ ...key, open: true }));
}

/** An honoured key of which some values are done better. */
export function honouredAnd(path: string, note: string): Key {
  return { path, docker: "honours", outcome: "honoured", note };
}

/** A key that docker does less with. */
export function improved(path: string, docker: DockerOutcome, reason: string, open = false): Key {
  return { path, docker, outcome: "improved", reason, open };
}

/** A key with which a stack is not deployed. */
export function refused(path: string, docker: DockerOutcome, reason: string, alternative: string): Key {
  return { path, docker, outcome: "refused", reason, alternative, open: true };
}

/** A key that Swarm has, and that Pulumi's Docker provider cannot set. */
export function unsaid(path: string, alternative: string): Key {
  return refused(path, "honours", "Pulumi's Docker provider cannot set it", alternative);
}
