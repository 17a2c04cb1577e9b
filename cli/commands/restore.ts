import { Archive } from "../backup/archive";
import type { Builder } from "../backup/builder";
import { restorableParts, restore as restoreBackup } from "../backup/restore";
import type { CommandDefinition } from "../command-line/command";
import type { Context } from "../context/context";
import { EndedWith, FarmError } from "../base/errors";
import { startHypervisor } from "../hypervisor/set-up";
import { runPlain } from "../engine/run-pulumi";
import { setUpAll } from "../setup/set-up";

/** `./farm restore`. */
export const restore: CommandDefinition = {
  name: "restore",
  summary: "restore the swarm, where its managers are lost, or the database",
  description:
    "Restores the swarm where no manager answers, else the database; a part behind the file insists. The whole file is checked first, then the command says what will be lost, and asks. If it is interrupted, run it again. 'swarm' creates the VM of the manager that the backup is of, if it is gone, and puts the state on its disk; a state that is there is kept beside it, in /var/lib/docker/swarm-before-restore-DATE. 'mysql' replaces the database 'app' by the dump.",
  arguments: [
    { syntax: "<file>", description: "a backup" },
    { syntax: "[part]", description: "swarm or mysql" },
  ],
  options: [
    { flags: "-y, --yes", description: "do not ask" },
    {
      flags: "--from <stack>",
      description: "the stack that the backup is of, if it is another: only its database is restored",
    },
  ],
  examples: [
    { line: "./farm restore night.backup", what: "the swarm if no manager answers, else the database" },
    { line: "./farm restore night.backup mysql --from shop", what: "the data of another stack's database" },
  ],
  async run(context, { arguments: [file, part], options }) {
    if (file === undefined) throw new FarmError("which backup? ./farm restore FILE");
    const known = restorableParts.find((each) => each === part);
    if (part !== undefined && known === undefined)
      throw new FarmError(`a backup has no part '${part}'; there are: ${restorableParts.join(", ")}`);
    const from = typeof options.from === "string" ? options.from : undefined;
    const archive = await Archive.open(context, file);
    await restoreBackup(context, builderOf(context), archive, { part: known, from, yes: options.yes === true });
  },
};

/** The commands that build a farm, as `restore` needs them. */
function builderOf(context: Context): Builder {
  return {
    startHypervisor: () => startHypervisor(context),
    async setUp() {
      await setUpAll(context);
    },
    async pulumi(...args) {
      const status = await runPlain(context, ...args);
      if (status !== 0) throw new EndedWith(status);
    },
  };
}
