import type { Outcome } from "../model/findings";

/** Treatment of a key by `docker stack deploy`. */
export type DockerOutcome = "honours" | "warns and ignores" | "ignores" | "refuses";

/** One key of compose files, and what happens to it. */
export interface Key {
  /** With `*` for a name and `[]` for an item of a list, e.g. `services.*.ports[].target`. */
  readonly path: string;
  readonly docker: DockerOutcome;
  readonly outcome: Outcome;
  /** The improvement, or the reason for the refusal. */
  readonly reason?: string;
  /** For the documentation alone: what is better only for some values. */
  readonly note?: string;
  /** Alternative to a key that is refused. */
  readonly alternative?: string;
  /** Values with which a refused key asks for nothing that Swarm does not do anyway. */
  readonly exceptions?: readonly Exception[];
  /** Whether any key may stand below it, e.g. in `environment`. */
  readonly open?: boolean;
}

/** Values of a refused key that are taken. */
export interface Exception {
  /** As they stand in the file; of a list, each item must be one, of this or another exception. */
  readonly values: readonly string[];
  readonly reason: string;
  /** Whether each preview warns: the value asks for something that is not done. */
  readonly isWarning?: boolean;
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

/** The note of keys that Swarm has, and that only the plugin built here can set. */
export const builtPlugin = "with the docker plugin that `./farm setup` builds, in place of the official one if it must";

/** A key that Swarm has, and that Pulumi's Docker provider cannot set. */
export function unsaid(path: string, alternative: string): Key {
  return refused(path, "honours", "Pulumi's Docker provider cannot set it", alternative);
}

/** A refused key of which some values are taken. */
export function except(key: Key, reason: string, ...values: readonly string[]): Key {
  return { ...key, exceptions: [...(key.exceptions ?? []), { values, reason }] };
}
