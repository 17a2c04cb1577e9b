import type { Context } from "../context/context";
import { FarmError } from "../base/errors";
import { managersOf, swarmAnswers } from "../nodes/managers";
import { writeSshFiles } from "../nodes/ssh-files";
import { unlockStack } from "../pulumi/lock";
import type { Backup } from "./backup-file";
import type { Builder } from "./builder";
import { restoreMysql } from "./restore-mysql";
import { restoreSwarm } from "./restore-swarm";

/** The parts of a backup that can be restored. */
export const restorableParts = ["swarm", "mysql"] as const;
export type RestorablePart = (typeof restorableParts)[number];

export interface RestoreOptions {
  /** Default: the swarm if no manager answers, else the database. */
  readonly part?: RestorablePart | undefined;
  /** The stack that the backup is of. Default: the context's. */
  readonly from?: string | undefined;
  /** Does not ask. */
  readonly yes: boolean;
}

/**
 * Restores the swarm if its managers are lost, else the database. Checks everything before it changes anything, and can be
 * run again after an interruption.
 *
 * @param archive a whole backup
 * @throws FarmError
 */
export async function restore(
  context: Context,
  builder: Builder,
  archive: Backup,
  { part, from = context.stack, yes }: RestoreOptions,
): Promise<void> {
  const { file, manifest } = archive;
  if (manifest.stack !== from)
    throw new FarmError(
      `${file} is of the stack '${manifest.stack}', not of '${from}'; to have its data here: --from ${manifest.stack}`,
    );
  unlockStack(context);
  await writeSshFiles(context);
  const managers = managersOf(context);
  if (!managers) throw new FarmError(`there is no farm '${context.stack}' to restore to: ./farm up builds it`);
  await builder.startHypervisor();
  const parts = Object.keys(manifest.parts).map((name) => name.split(".")[0]);
  context.report.say(
    `${file}: of ${manifest.stack}, ${manifest.date}, swarm ${manifest.cluster}, ${parts.sort().join(" and ")}`,
  );
  switch (part ?? ((await swarmAnswers(context)) ? "mysql" : "swarm")) {
    case "mysql":
      return restoreMysql(context, archive, yes);
    case "swarm":
      return restoreSwarm(context, builder, archive, managers, yes);
  }
}
