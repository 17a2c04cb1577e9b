import { z } from "zod";
import type { Context } from "../../context/context";
import { importState } from "../../pulumi/import";
import { parseJson } from "../../pulumi/json";
import { nameOf } from "../../pulumi/state";

/** `pulumi stack export`, as much as is read of it; the rest passes through. */
const Export = z.looseObject({
  deployment: z
    .looseObject({
      pending_operations: z.array(z.object({ resource: z.object({ urn: z.string() }) })).nullish(),
    })
    .nullish(),
});

/**
 * Removes what Pulumi calls pending operations from the state: it cannot know how they ended, and warns of them in every
 * update until a person answers. Here nothing of theirs is left: what they made was removed before, or is a script that can
 * run twice.
 *
 * @param exported output of `pulumi stack export`
 */
export async function forgetPending(
  farm: Pick<Context, "stack" | "repository" | "environment" | "report">,
  exported: string,
): Promise<void> {
  const { data } = Export.safeParse(parseJson(exported, "the stack's state"));
  const pending = data?.deployment?.pending_operations ?? [];
  if (!data?.deployment || pending.length === 0) return;
  const { pending_operations: _, ...deployment } = data.deployment;
  await importState(farm, JSON.stringify({ ...data, deployment }));
  const names = pending.map(({ resource }) => nameOf(resource.urn));
  farm.report.say(`an interrupted run did not finish ${names.join(", ")}: done again`);
}
