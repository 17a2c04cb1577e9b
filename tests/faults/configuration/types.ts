import type { ConfigInput } from "../../../stacks/config";
import type { TestFarm } from "../../live/farm";

/** A configuration before defaults are filled in. */
export type Config = ConfigInput;

/** Keys to set, as in a JSON Merge Patch (RFC 7396): maps are merged, `null` removes a key, all else replaces. */
export type Patch<T = Config> = T extends readonly unknown[]
  ? T
  : T extends object
    ? { readonly [K in keyof T]?: Patch<T[K]> | null }
    : T;

/** Files that a configuration names. */
export interface Files {
  /** A certificate, which is its own CA, and its key. */
  readonly cert: string;
  readonly key: string;
  /** A copy of the LAMP stack's content with another style sheet. */
  readonly content: string;
}

/** One change of the configuration, and what it does. */
export interface Step {
  readonly title: string;
  readonly change: (files: Files) => Patch;
  /** Arguments of `up`. Default: none. */
  readonly args?: readonly string[];
  /** Fails unless the change has the effect that a user expects. */
  readonly effect: (farm: TestFarm, files: Files) => Promise<void>;
  /** The services whose tasks `up` may stop. */
  readonly restarts: readonly string[];
  /** The nodes whose tasks `up` may stop, of all services. Default: none. */
  readonly restartsOn?: readonly string[];
}

/** A configuration with a patch applied; neither is changed. */
export function merge(base: unknown, patch: unknown): unknown {
  if (!isMap(patch)) return patch;
  const before = isMap(base) ? base : {};
  const kept = Object.entries(before).filter(([key]) => !(key in patch));
  const set = Object.entries(patch).filter(([, value]) => value !== null);
  return Object.fromEntries([...kept, ...set.map(([key, value]) => [key, merge(before[key], value)] as const)]);
}

/** Whether a value is a map, not a list. */
export function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
