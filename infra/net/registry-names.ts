import { registryPort } from "../config/node-ports";
import { registryName, type FarmPlan } from "./plan";

/** The farm's registry as nodes name it: part of image names, so that they stay when it moves to another manager. */
export const registryOnNodes = `${registryName}:${String(registryPort)}`;

/** The farm's registry for the machine that runs Pulumi. */
export function registryAddress({ nodes }: Pick<FarmPlan, "nodes">): string {
  return `${nodes[0]?.address ?? ""}:${String(registryPort)}`;
}

/** Whether an image is in the farm's registry, under one of its names: nobody outside of the farm can pull it. */
export function isInFarm(reference: string, plan: Pick<FarmPlan, "nodes">): boolean {
  return [registryOnNodes, registryAddress(plan)].some((registry) => reference.startsWith(`${registry}/`));
}
