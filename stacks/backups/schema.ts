import { z } from "zod";
import { Word } from "../../infra/config/primitives";
import { Sftp } from "./sftp";

/** Docker's names of volumes. */
const VolumeName = z
  .string()
  .regex(
    /^[A-Za-z0-9][A-Za-z0-9_.-]{1,127}$/,
    "must be the name of a volume as 'docker volume ls' shows it, e.g. shop_uploads",
  );

const Volume = z.strictObject({
  name: VolumeName,
  copy: z
    .enum(["live", "paused", "snapshot"])
    .describe(
      "`live`: as it is, file by file. `paused`: its containers stand still while it is read. `snapshot`: they stand still only until it is copied beside itself, which needs as much room.",
    ),
});

/** A part of the names of the node's shell variables. */
const DumpName = z
  .string()
  .regex(/^[a-z][a-z0-9_]{0,31}$/, "must be lower-case letters, digits and _, beginning with a letter, e.g. shop_db");

const Command = z.string().min(1).max(4096);

const Dump = z.strictObject({
  service: z
    .string()
    .regex(
      /^[A-Za-z0-9][A-Za-z0-9_.-]{0,62}$/,
      "must be the name of a service as 'docker service ls' shows it, e.g. shop_db",
    )
    .describe("The service in whose task the commands run."),
  dump: Command.describe("Prints everything, and ends with 0 only where that is whole: `pg_dump --clean -U app app`."),
  load: Command.describe("Replaces everything by what it reads: `psql -v ON_ERROR_STOP=1 -U app app`."),
});

/** Without `.` and `..`, and apart from the folders of the system. */
const Folder = z
  .string()
  .regex(
    /^\/(srv|mnt|media|var\/backups)(\/[A-Za-z0-9_][A-Za-z0-9._-]*)*$/,
    "must be a folder below /srv, /mnt, /media or /var/backups, e.g. /mnt/backups",
  );

const S3 = z.strictObject({
  endpoint: z
    .string()
    .regex(/^https?:\/\/[a-z0-9.-]+(:\d{1,5})?$/i, "must be a URL without a path, e.g. https://s3.example.com")
    .describe("The server's URL."),
  bucket: z
    .string()
    .regex(/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/, "must be the name of a bucket, e.g. farm-backups")
    .describe("It must exist."),
  prefix: z
    .string()
    .regex(
      /^[A-Za-z0-9][A-Za-z0-9_-]*(\/[A-Za-z0-9][A-Za-z0-9_-]*)*$/,
      "must be words between slashes, e.g. farms/shop",
    )
    .optional()
    .describe("Before the names of the repositories. Default: the farm's name."),
  accessKey: Word.describe("The access key's id."),
  secretKey: Word.describe("The key itself, encrypted: `./farm pulumi config set --secret --path`.").meta({
    credential: true,
  }),
});

const Count = (unit: string, count: number) =>
  z.int().min(0).max(1000).default(count).describe(`Of how many ${unit} with a backup the last one stays.`);

/** The keys of `backups`. */
export const Backups = z
  .strictObject({
    schedule: z
      .string()
      .regex(/^(hourly|([01]\d|2[0-3]):[0-5]\d)$/, 'must be hourly, or a time of each day in UTC such as "02:30"')
      .default("02:30")
      .describe(
        "`hourly`, or a time of each day in UTC; each node waits up to 15 minutes more, and makes up for what it was off for.",
      ),
    to: z
      .union(
        [z.strictObject({ folder: Folder }), z.strictObject({ s3: S3 }), z.strictObject({ sftp: Sftp })],
        "must have either folder, e.g. { folder: /mnt/backups }, or s3 with endpoint, bucket, accessKey and secretKey, or sftp with host, user, hostKey and privateKey",
      )
      .describe(
        "`folder`: a folder of each node, best one that is mounted there. `s3`: a bucket. `sftp`: a folder of an ssh server. Each node has a repository of its own in it.",
      ),
    keep: z
      .strictObject({ daily: Count("days", 7), weekly: Count("weeks", 4), monthly: Count("months", 6) })
      .refine(
        ({ daily, weekly, monthly }) => daily + weekly + monthly > 0,
        "must keep something: set daily to 1 or more",
      )
      .prefault({})
      .describe("The retention, for each volume and dump. The last one always stays."),
    volumes: z
      .array(
        z.union(
          [VolumeName, Volume],
          "must be the name of a volume as 'docker volume ls' shows it, or { name: shop_uploads, copy: snapshot }",
        ),
      )
      .default([])
      .describe(
        "Named volumes, by name or with how they are copied; on each node that has one. For a database use `dumps`.",
      ),
    dumps: z
      .record(DumpName, Dump)
      .default({})
      .describe("Dumps by name, besides `mysql` of `lamp`, which is there without an entry."),
    limitHours: z
      .int()
      .min(1)
      .max(10_000)
      .optional()
      .describe("`./farm doctor` reports a node whose last whole backup is older. Default: 36, or 3 for `hourly`."),
    readOnly: z
      .boolean()
      .default(false)
      .describe(
        "Whether the repositories are another farm's, of which this one reads: it makes no backup and writes nothing there, not even a lock.",
      ),
    password: z
      .string()
      .regex(/^[\x21-\x7e]{12,512}$/, "must be 12 to 512 printable characters without spaces")
      .optional()
      .describe(
        "The repositories' password, encrypted, e.g. that of a farm that is lost. Default: a generated one (`./farm secret backups`).",
      )
      .meta({ credential: true }),
  })
  .describe("Encrypted backups of volumes and databases on a schedule ([how](how-to/backups.md)). Default: none.");

export type BackupsConfig = z.infer<typeof Backups>;

/** A volume that is backed up, and how it is copied. */
export type VolumeCopy = z.infer<typeof Volume>;

/** The volumes of a configuration, each name and way once, by name. */
export function volumeCopies({ volumes }: Pick<BackupsConfig, "volumes">): readonly VolumeCopy[] {
  const all = volumes.map((each): VolumeCopy => (typeof each === "string" ? { name: each, copy: "live" } : each));
  const byKey = new Map(all.map((each) => [`${each.name} ${each.copy}`, each]));
  return [...byKey.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, each]) => each);
}
