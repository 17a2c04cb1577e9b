import { text } from "node:stream/consumers";
import type { Context } from "../context/context";
import { FarmError } from "../base/errors";
import { swarmAnswers } from "../nodes/managers";
import { CommandError } from "../process/run";
import { confirmed } from "../context/confirm";
import type { Backup } from "./backup-file";
import { Mysql, mysqlService } from "./mysql";

/**
 * Replaces the database with that of a backup.
 *
 * @param yes does not ask
 * @throws FarmError if the backup has no database, mysql does not run, or the user declines
 */
export async function restoreMysql(context: Context, archive: Backup, yes: boolean): Promise<void> {
  if (!archive.has("mysql.sql")) throw new FarmError(`${archive.file} has no database: lamp was not deployed`);
  if (!(await swarmAnswers(context)))
    throw new FarmError("no manager of the swarm answers, without which mysql is not found: ./farm doctor");
  const mysql = await Mysql.find(context);
  if (!mysql)
    throw new FarmError(
      `mysql does not run, and loads its data itself: ./farm docker service ps --no-trunc ${mysqlService}`,
    );
  context.report.say(
    `the database app on ${mysql.node} becomes what it was at ${archive.manifest.date}: later changes are lost`,
  );
  if (!yes && !(await confirmed(context, "go on?"))) throw new FarmError("nothing was done");
  await context.report.step("mysql", async () => {
    try {
      await archive.read("mysql.sql", [mysql.load()], text);
    } catch (error) {
      if (!(error instanceof CommandError)) throw error;
      const again = `./farm restore ${archive.file} mysql loads it again`;
      throw new FarmError(`the database is not whole (${error.message}): ${again}`);
    }
    return `database app on ${mysql.node}, tables: ${String(await mysql.tables())}`;
  });
}
