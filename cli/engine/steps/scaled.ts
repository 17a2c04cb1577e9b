import { readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { autoscaleLabel } from "../../../infra/service/docker-spec";
import type { Context } from "../../context/context";
import type { Resource } from "../../pulumi/state";

const Labelled = z.object({ labels: z.array(z.object({ label: z.string() })) });

/** Whether the steward may have changed the replicas of a service: the configuration has `autoscale`. */
export function isScaled({ repository, stack }: Pick<Context, "repository" | "stack">): boolean {
  return readFileSync(join(repository, `Pulumi.${stack}.yaml`), "utf8").includes("autoscale");
}

/**
 * URNs of the services that the steward scales. They are refreshed first, since an update sets the replicas of the state.
 */
export function scaledServices(state: readonly Resource[]): string[] {
  return state.flatMap(({ type, urn, inputs }) => {
    const { success, data } = Labelled.safeParse(inputs);
    const isService = type === "docker:index/service:Service";
    return isService && success && data.labels.some(({ label }) => label === autoscaleLabel) ? [urn] : [];
  });
}
