import { Archive } from "../backup/archive";
import type { Builder } from "../backup/builder";
import { knownSnapshot, parseSnapshot, restoreSnapshot, type SnapshotName } from "../backup/snapshots";
import { SwarmSnapshot } from "../backup/swarm-snapshot";
import { restorableParts, restore as restoreBackup } from "../backup/restore";
import type { CommandDefinition } from "../command-line/command";
import type { Context } from "../context/context";
import { EndedWith, FarmError } from "../base/errors";
import { readDocument } from "../rehearsal/stack-file";
import { lastBackupFile } from "../rehearsal/present";
import { rehearse, type RehearsalBuilder, type Source } from "../rehearsal/rehearse";
import { startHypervisor } from "../hypervisor/set-up";
import { runPlain } from "../engine/run-pulumi";
import { runStep, setUpAll } from "../setup/set-up";
import { setUpStack } from "../setup/stack";
import { setUp } from "./set-up-all";
import { up } from "./up";

/** `./farm restore`. */
export const restore: CommandDefinition = {
  name: "restore",
  summary: "restore the swarm, the database, or a volume; or rehearse it",
  description:
    "Restores the swarm where no manager answers, else the database; a part behind the file insists. The whole file is checked first, then the command says what will be lost, and asks. If it is interrupted, run it again. 'swarm' creates the VM of the manager that the backup is of, if it is gone, and puts the state on its disk; a state that is there is kept beside it, in /var/lib/docker/swarm-before-restore-DATE. 'mysql' replaces the database 'app' by the dump.\n\nA snapshot of scheduled backups, as './farm backup list' names it (NODE:ID), is restored to its node, or to another one: what a volume has is kept beside it, and a database is backed up first. That of a swarm is restored as from a file; another node reads it where its manager is gone.\n\n'--rehearse' touches nothing of the farm: it builds another one from the last backup beside it, in a network of its own and on as few nodes as have a place for every service, restores databases and volumes there, compares them with the backup, asks each route, prints how old the data was and how long it took, and removes that farm, also after a failure or Ctrl-C. Without a file the last snapshots of scheduled backups are rehearsed, else the newest file of './farm backup'. It ends with 1 if anything is missing; './farm doctor' reports that too.",
  interrupted: "./farm restore can be run again; a rehearsal has removed its farm",
  arguments: [
    { syntax: "[file]", description: "a backup, or a snapshot such as worker1:1a2b3c4d" },
    { syntax: "[part]", description: "swarm or mysql", words: ["swarm", "mysql"] },
  ],
  options: [
    { flags: "-y, --yes", description: "do not ask" },
    { flags: "--to <node>", description: "with a snapshot: the node that gets it, if it is another" },
    {
      flags: "--from <stack>",
      description: "the stack that the backup is of, if it is another: only its database is restored",
    },
    { flags: "--rehearse", description: "restore the last backup, or that one, to another farm beside this one" },
    { flags: "--keep", description: "with --rehearse: leave that farm for a look at it, until the next rehearsal" },
  ],
  examples: [
    { line: "./farm restore night.backup", what: "the swarm if no manager answers, else the database" },
    { line: "./farm restore worker1:1a2b3c4d", what: "the volume, database or swarm of a snapshot" },
    { line: "./farm restore night.backup mysql --from shop", what: "the data of another stack's database" },
    { line: "./farm restore --rehearse", what: "what a loss costs, how long a restore takes" },
  ],
  async run(context, { arguments: [file, part], options }) {
    if (options.rehearse === true) {
      if (part !== undefined || options.to !== undefined || options.from !== undefined)
        throw new FarmError("a rehearsal restores everything of the backup: --rehearse goes with --keep alone");
      return rehearse(context, rehearsalBuilder(), await sourceOf(context, file), {
        keep: options.keep === true,
      });
    }
    if (options.keep === true) throw new FarmError("--keep leaves the farm of a rehearsal: add --rehearse");
    if (file === undefined) throw new FarmError("which backup? ./farm restore FILE");
    const snapshot = parseSnapshot(file);
    const to = typeof options.to === "string" ? options.to : undefined;
    if (snapshot) {
      if (part !== undefined || options.from !== undefined)
        throw new FarmError(`${file} is a snapshot, which has no parts and no stack: ./farm restore ${file}`);
      return restoreKnown(context, snapshot, { to, yes: options.yes === true });
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

/** Restores a snapshot, whichever kind it is of. */
async function restoreKnown(
  context: Context,
  snapshot: SnapshotName,
  options: { readonly to: string | undefined; readonly yes: boolean },
): Promise<void> {
  const known = await knownSnapshot(context, snapshot);
  // A node says best itself why it does not know it.
  if (known?.kind !== "swarm") return restoreSnapshot(context, snapshot, options);
  if (options.to !== undefined)
    throw new FarmError(
      `${snapshot.node}:${snapshot.id} is the state of the swarm, which its manager alone takes: without --to`,
    );
  const archive = await SwarmSnapshot.open(context, known);
  return restoreBackup(context, builderOf(context), archive, { part: "swarm", yes: options.yes });
}

/** The backup to rehearse: the named backup, else the last one. */
async function sourceOf(context: Context, file: string | undefined): Promise<Source> {
  const snapshot: SnapshotName | undefined = file === undefined ? undefined : parseSnapshot(file);
  const isScheduled = readDocument(context).keys.backups !== undefined;
  if (snapshot && !isScheduled)
    throw new FarmError("the configuration has no swarm-farm:backups, whose target a rehearsal reads");
  if (snapshot ?? (file === undefined && isScheduled)) return { snapshot };
  const path = file ?? lastBackupFile(context);
  if (path === undefined)
    throw new FarmError(
      "there is no backup to rehearse: ./farm backup writes one, and the key 'backups' makes them by itself",
    );
  const archive = await Archive.open(context, path);
  if (archive.manifest.stack !== context.stack)
    throw new FarmError(`${path} is of the stack '${archive.manifest.stack}': name that, with --stack`);
  return { archive };
}

/** The commands that build the farm of a rehearsal. */
function rehearsalBuilder(): RehearsalBuilder {
  return {
    initStack: (farm) => runStep(farm, "stack", setUpStack),
    up: (farm) => up(setUp).run(farm, { arguments: [], options: { yes: true } }),
  };
}

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
