import { backup as writeBackup } from "../backup/backup";
import { listSnapshots } from "../backup/snapshots";
import type { CommandDefinition } from "../command-line/command";

/** `./farm backup`. */
export const backup: CommandDefinition = {
  name: "backup",
  summary: "write the swarm's state and the database into one encrypted file",
  description:
    "The file has what only the farm has: the state of the swarm, and the database 'app' where lamp runs. It is encrypted with the stack's passphrase (GnuPG, AES-256), and is read back before the command ends. Keep it, and the passphrase elsewhere. No service stops: the dump is one transaction, and the Docker of one manager is stopped for the seconds that a copy on its own disk takes, while its containers run on.\n\n'./farm backup list' prints the snapshots that scheduled backups (the key 'backups') have made of volumes, databases and the swarm; a folder of that name is './list'.",
  arguments: [
    {
      syntax: "[file]",
      description:
        "a file that is not there yet, or a folder; default: backups/STACK-DATE.backup below ~/.local/state/swarm-farm, which './farm destroy' keeps",
      words: ["list"],
    },
  ],
  examples: [
    { line: "./farm backup", what: "a dated file below ~/.local/state/swarm-farm/backups" },
    { line: "./farm backup /mnt/nas", what: "a dated file in that folder" },
    { line: "./farm backup list", what: "what the scheduled backups have" },
  ],
  async run(context, { arguments: [to] }) {
    if (to === "list") await listSnapshots(context);
    else await writeBackup(context, to);
  },
};
