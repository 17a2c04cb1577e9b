import { join } from "node:path";
import { repository } from "./program";
import { readInterfaces, sdkInputs } from "./sdk-types";

const sdk = join(repository, "node_modules", "@pulumi", "docker");

/** Inputs of a service that the SDK does not know, and the plugin that is built here takes. */
export const builtPluginInputs: readonly string[] = [
  "taskSpec.containerSpec.healthcheck.startInterval?: string",
  "taskSpec.containerSpec.stdinOpen?: boolean",
  "taskSpec.containerSpec.tty?: boolean",
  "taskSpec.containerSpec.ulimits.hard: number",
  "taskSpec.containerSpec.ulimits.name: string",
  "taskSpec.containerSpec.ulimits.soft: number",
  "taskSpec.containerSpec.ulimits?: list of object",
  "taskSpec.resources.limits.pids?: number",
];

const sdkArgs = sdkInputs(readInterfaces(join(sdk, "service.d.ts"), join(sdk, "types", "input.d.ts")), "ServiceArgs");

/** `path` → its type and whether it may be left out. tests/program/docker-schema.test.ts holds it against the plugin's schema. */
const inputs = new Map(
  [...sdkArgs, ...builtPluginInputs].map((line) => {
    const [, path = "", optional, type = ""] = /^(.*?)(\??): (.*)$/.exec(line) ?? [];
    return [path, { type, required: optional === "" }] as const;
  }),
);

/** Arguments of a service that the provider does not accept, or that are missing; empty if it accepts them. */
export function refusedBy(args: object, prefix = ""): string[] {
  const given = Object.entries(args).filter(([, value]) => value !== undefined);
  const missing = [...inputs]
    .filter(
      ([path, { required }]) => required && parentOf(path) === prefix && !given.some(([key]) => prefix + key === path),
    )
    .map(([path]) => `${path} is missing`);
  return [...missing, ...given.flatMap(([key, value]) => valueProblems(prefix + key, value))];
}

function valueProblems(path: string, value: unknown): string[] {
  const type = inputs.get(path)?.type;
  if (type === undefined) return [`${path} is unknown`];
  return typed(path, type, value);
}

function typed(path: string, type: string, value: unknown): string[] {
  const [, container, element = ""] = /^(list|map) of (.*)$/.exec(type) ?? [];
  if (container === "list")
    return Array.isArray(value) ? value.flatMap((each) => typed(path, element, each)) : [`${path} is no list`];
  if (typeof value === "object" && value !== null && !Array.isArray(value)) {
    if (container === "map") return Object.values(value).flatMap((each) => typed(path, element, each));
    return type === "object" ? refusedBy(value, `${path}.`) : [`${path} is no ${type}`];
  }
  return typeof value === type ? [] : [`${path} is no ${type}`];
}

function parentOf(path: string): string {
  return path.slice(0, path.lastIndexOf(".") + 1);
}
