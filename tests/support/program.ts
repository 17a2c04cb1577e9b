import { readFileSync } from "node:fs";
import { join } from "node:path";
import * as command from "@pulumi/command";
import * as docker from "@pulumi/docker";
import * as libvirt from "@pulumi/libvirt";
import * as pulumi from "@pulumi/pulumi";
import { load } from "js-yaml";
import * as zod from "zod";
import { record, valueOf, type Registered } from "./mocks";

/** The top of the repository. */
export const repository = join(__dirname, "..", "..");

const StackFile = zod.object({ config: zod.record(zod.string(), zod.unknown()) });
const prefix = "swarm-farm:";

/** The configuration of a stack file, without the project's name before every key. */
export function stackConfig(file: string): Record<string, unknown> {
  const { config } = StackFile.parse(load(readFileSync(join(repository, file), "utf8")));
  return Object.fromEntries(Object.entries(config).map(([key, value]) => [key.replace(prefix, ""), value]));
}

export interface Run {
  readonly resources: readonly Registered[];
  readonly outputs: Outputs;
  /** The names of the outputs that are secret. */
  readonly secretOutputs: readonly string[];
}

type Outputs = Readonly<Record<string, unknown>>;

/** Runs index.ts as Pulumi would, for one stack and its configuration. */
export async function runProgram(config: Record<string, unknown>, stack = "dev"): Promise<Run> {
  pulumi.runtime.setAllConfig(
    Object.fromEntries(Object.entries(config).map(([key, value]) => [`${prefix}${key}`, asText(value)])),
  );
  process.env.XDG_CACHE_HOME = "/cache";
  process.env.XDG_STATE_HOME = "/state";
  let exported: Outputs = {};
  const resources = await record(
    () => {
      jest.isolateModules(() => {
        // The program anew, on the Pulumi that is recorded; to load all that again would take most of the time.
        jest.doMock("@pulumi/pulumi", () => pulumi);
        jest.doMock("@pulumi/command", () => command);
        jest.doMock("@pulumi/docker", () => docker);
        jest.doMock("@pulumi/libvirt", () => libvirt);
        jest.doMock("zod", () => zod);
        exported = { ...jest.requireActual<Outputs>("../../index") };
      });
    },
    { stack },
  );
  const secret = await Promise.all(
    Object.entries(exported).map(async ([name, value]) =>
      (await pulumi.isSecret(pulumi.output(value))) ? [name] : [],
    ),
  );
  return { resources, outputs: await valueOf(exported), secretOutputs: secret.flat() };
}

/** How Pulumi hands a value of a stack file over. */
function asText(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}
