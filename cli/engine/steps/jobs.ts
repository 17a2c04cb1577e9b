import { z } from "zod";
import { makesJob } from "../../../infra/service/spec/job";
import type { Context } from "../../context/context";
import { importState } from "../../pulumi/import";
import { parseJson } from "../../pulumi/json";
import { unknownForm } from "../../pulumi/state";

const Labels = z.array(z.looseObject({ label: z.string(), value: z.string() }));

const Replicated = z.looseObject({ replicated: z.looseObject({ replicas: z.number() }) });

/** The properties of a service that a run changes; where they are secret, they are no objects of this shape. */
const Properties = z.looseObject({
  labels: Labels.nullish(),
  mode: z.union([Replicated, z.unknown()]).optional(),
  taskSpec: z.unknown().optional(),
});

/** The stack itself has no inputs. */
const Entry = z.looseObject({ type: z.string(), inputs: z.unknown().optional(), outputs: z.unknown().optional() });

/** `pulumi stack export`, as much as is read of it; the rest passes through. */
const Export = z.looseObject({
  deployment: z.looseObject({ resources: z.array(Entry).nullish() }).nullish(),
});

/**
 * Makes jobs in the state what the program declares, without a task. A refresh reads the tasks of the last run, and an update would
 * then show a change, and stop the run that is under way.
 *
 * @param exported output of `pulumi stack export`
 */
export async function forgetRuns(
  farm: Pick<Context, "stack" | "repository" | "environment" | "report">,
  exported: string,
): Promise<void> {
  const { data, error } = Export.safeParse(parseJson(exported, "the stack's state"));
  if (error) throw unknownForm(error);
  const resources = data.deployment?.resources ?? [];
  const idle = resources.map((entry) =>
    isJob(entry.type, entry.inputs)
      ? { ...entry, inputs: withoutRun(entry.inputs), outputs: withoutRun(entry.outputs) }
      : entry,
  );
  if (!data.deployment || JSON.stringify(idle) === JSON.stringify(resources)) return;
  await importState(farm, JSON.stringify({ ...data, deployment: { ...data.deployment, resources: idle } }));
}

function isJob(type: string, inputs: unknown): boolean {
  const { success, data } = Properties.safeParse(inputs);
  return type === "docker:index/service:Service" && success && makesJob(data.labels ?? []);
}

/** Only numbers change: the provider checks that its notes on lists and missing values fit the rest. */
function withoutRun(properties: unknown): unknown {
  const { success, data } = Properties.safeParse(properties);
  if (!success) return properties;
  const mode = Replicated.safeParse(data.mode);
  const taskSpec = z.looseObject({ forceUpdate: z.number() }).safeParse(data.taskSpec);
  return {
    ...data,
    ...(mode.success ? { mode: { ...mode.data, replicated: { ...mode.data.replicated, replicas: 0 } } } : {}),
    ...(taskSpec.success ? { taskSpec: { ...taskSpec.data, forceUpdate: 0 } } : {}),
  };
}
