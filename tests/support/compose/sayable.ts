import type { GeneratedService } from "./generated";

const unsayable = new Set(["endpoint_mode"]);

/** A service without what Pulumi's provider cannot say, and what Swarm refuses. */
export function sayable(service: GeneratedService): GeneratedService {
  return JSON.parse(JSON.stringify(service), (key, value: unknown) => {
    if (unsayable.has(key) || (key === "max_failure_ratio" && value === 0.25)) return undefined;
    if (key === "memory") return "64m";
    if (key === "preferences" && Array.isArray(value)) return value.slice(0, 1) as unknown;
    const isGlobal = key === "deploy" && (value as { readonly mode?: unknown }).mode === "global";
    return isGlobal ? { ...(value as object), placement: {} } : value;
  }) as GeneratedService;
}
