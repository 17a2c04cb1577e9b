import { Archive } from "../backup/archive";
import type { Builder } from "../backup/builder";
import { parseSnapshot, restoreSnapshot } from "../backup/snapshots";
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
  summary: "restore the swarm, where its managers are lost, the database, or a volume",
  description:
    "Restores the swarm where no manager answers, else the database; a part behind the file insists. The whole file is checked first, then the command says what will be lost, and asks. If it is interrupted, run it again. 'swarm' creates the VM of the manager that the backup is of, if it is gone, and puts the state on its disk; a state that is there is kept beside it, in /var/lib/docker/swarm-before-restore-DATE. 'mysql' replaces the database 'app' by the dump.\n\nA snapshot of scheduled backups, as './farm backup list' names it (NODE:ID), is restored to its node, or to another one: what a volume has is kept beside it, and a database is backed up first.",
  arguments: [
    { syntax: "<file>", description: "a backup, or a snapshot such as worker1:1a2b3c4d" },
    { syntax: "[part]", description: "swarm or mysql", words: ["swarm", "mysql"] },
  ],
  options: [
    { flags: "-y, --yes", description: "do not ask" },
    { flags: "--to <node>", description: "with a snapshot: the node that gets it, if it is another" },
    {
      flags: "--from <stack>",
      description: "the stack that the backup is of, if it is another: only its database is restored",
    },
  ],
  examples: [
    { line: "./farm restore night.backup", what: "the swarm if no manager answers, else the database" },
    { line: "./farm restore worker1:1a2b3c4d", what: "the volume or database of a snapshot" },
    { line: "./farm restore night.backup mysql --from shop", what: "the data of another stack's database" },
  ],
  async run(context, { arguments: [file, part], options }) {
    if (file === undefined) throw new FarmError("which backup? ./farm restore FILE");
    const snapshot = parseSnapshot(file);
    const to = typeof options.to === "string" ? options.to : undefined;
    if (snapshot) {
      if (part !== undefined || options.from !== undefined)
        throw new FarmError(`${file} is a snapshot, which has no parts and no stack: ./farm restore ${file}`);
      return restoreSnapshot(context, snapshot, { to, yes: options.yes === true });
    }
    if (to !== undefined)
      throw new FarmError("--to is for snapshots of ./farm backup list; a file is restored to the node that it is of");
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
