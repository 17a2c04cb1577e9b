import type { ServicePart } from "../decode/part";
import type { ComposeHealthCheck, ComposeMode, ComposeRestartPolicy, ComposeUpdatePolicy } from "../model/service";
import type { Context } from "./context";

/** When tasks are started again: `deploy.restart_policy`, or what `restart` means. */
export function assembleRestart(part: ServicePart, { findings }: Context): ComposeRestartPolicy | undefined {
  if (part.deploy.restartPolicy !== undefined) return part.deploy.restartPolicy;
  const { restart } = part;
  const at = part.positions.get("restart") ?? part.at;
  if (restart === undefined || restart === "") return undefined;
  const [, attempts] = /^on-failure(?::(\d+))?$/.exec(restart) ?? [];
  if (restart.startsWith("on-failure") && (attempts !== undefined || restart === "on-failure"))
    return { condition: "on-failure", maxAttempts: Number(attempts ?? 0) };
  if (restart === "always" || restart === "unless-stopped") return { condition: "any" };
  if (restart === "no") {
    findings.improve(at, `services.${part.key}.restart`, "docker starts the task again all the same; here it does not");
    return { condition: "none" };
  }
  findings.refuse(
    at,
    `services.${part.key}.restart`,
    `'${restart}' is no policy`,
    "write 'no', 'always', 'unless-stopped', 'on-failure' or 'on-failure:3'",
  );
  return undefined;
}

/** How many tasks. */
export function assembleMode(part: ServicePart, { findings }: Context): ComposeMode {
  const { mode: kind = "replicated", replicas } = part.deploy;
  const path = `services.${part.key}.deploy`;
  const at = part.positions.get("deploy.mode") ?? part.at;
  if (kind === "replicated-job" || kind === "global-job")
    findings.refuse(
      at,
      `${path}.mode`,
      "Pulumi's Docker provider cannot make a job",
      "leave 'mode' out and set 'restart_policy.condition' to 'none' or 'on-failure': a task that ends with 0 is done",
    );
  if (kind === "global" || kind === "global-job") {
    if (replicas !== undefined)
      findings.refuse(
        at,
        `${path}.replicas`,
        `a service of mode '${kind}' has no number of replicas`,
        "remove 'replicas' or 'mode'",
      );
    return { kind };
  }
  return replicas === undefined ? { kind } : { kind, replicas };
}

/** When tasks can serve. */
export function assembleHealth(part: ServicePart): ComposeHealthCheck | undefined {
  if (part.healthCheck === undefined) return undefined;
  const { disable, ...check } = part.healthCheck;
  return disable ? { test: ["NONE"] } : check;
}

/** How tasks are replaced, with docker's defaults. */
export function assembleUpdate(policy: Partial<ComposeUpdatePolicy> | undefined): ComposeUpdatePolicy | undefined {
  return policy && { parallelism: 1, delaySeconds: 0, maxFailureRatio: 0, ...policy };
}

/** Capabilities as docker normalises them: `CAP_` in front, sorted, `ALL` alone, what is added is not dropped. */
export function assembleCapabilities(add: readonly string[], drop: readonly string[]) {
  const capabilityAdd = normalized(add);
  return { capabilityAdd, capabilityDrop: normalized(drop).filter((each) => !capabilityAdd.includes(each)) };
}

function normalized(names: readonly string[]): string[] {
  const all = names.map((name) => {
    const upper = name.trim().toUpperCase();
    return upper === "ALL" || upper === "RESET" || upper.startsWith("CAP_") ? upper : `CAP_${upper}`;
  });
  if (all.includes("ALL")) return ["ALL"];
  return [...new Set(all)].filter((each) => each !== "RESET").sort();
}
