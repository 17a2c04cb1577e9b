import { createHash } from "node:crypto";
import { createReadStream, createWriteStream, existsSync, statSync } from "node:fs";
import { open } from "node:fs/promises";
import { join } from "node:path";
import { Readable } from "node:stream";
import { text } from "node:stream/consumers";
import { pipeline } from "node:stream/promises";
import type { Context } from "../context/context";
import { FarmError } from "../base/errors";
import { chain, type Sink, type Stage } from "../process/chain";
import { CommandError } from "../process/run";
import { withGnupg } from "./gnupg";
import { isPart, SealedManifest, type Manifest, type PartName } from "./manifest";
import type { Backup } from "./backup-file";
import { isWhole } from "./parts";
import { passphraseOf, passphraseSource } from "./passphrase";

/**
 * A backup: a line with the format and the SHA-256 of the rest, then a tar of encrypted parts.
 * Each part is encrypted while it is read: this machine's disk never has it in clear.
 *
 *   swarm-farm backup 1 SHA256
 *   manifest.json.gpg, swarm.tar.gpg and, where there is a database, mysql.sql.gpg
 *
 * The checksum in the line tells a damaged file from a wrong passphrase. It does not protect from an attacker who can write the
 * file: GnuPG's encryption does, which detects any change, and the manifest with the checksums of the parts.
 */
const format = "swarm-farm backup";
const version = 1;

/** The line's length in bytes, with its end. */
const headerLength = `${format} ${String(version)} `.length + 64 + 1;

type Environment = Pick<Context, "environment">;

/** Encrypts what a program prints as a part in a folder. */
export async function keepPart(context: Environment, folder: string, part: PartName, ...stages: readonly Stage[]) {
  await encrypt(context, undefined, stages, join(folder, `${part}.gpg`));
}

/**
 * Packs the parts of a folder, and a manifest with their checksums, into one file.
 *
 * @param folder has `PART.gpg` for each part
 * @param file that is written, readable by its owner only
 */
export async function packArchive(
  context: Environment,
  folder: string,
  parts: readonly PartName[],
  manifest: Manifest,
  file: string,
): Promise<void> {
  const sums: [PartName, string][] = [];
  for (const part of [...parts].sort()) sums.push([part, await sha256(createReadStream(join(folder, `${part}.gpg`)))]);
  const sealed = JSON.stringify({ ...manifest, parts: Object.fromEntries(sums) });
  await encrypt(context, Readable.from([`${sealed}\n`]), [], join(folder, "manifest.json.gpg"));
  const names = ["manifest.json", ...sums.map(([part]) => part)].map((part) => `${part}.gpg`);
  const tar = ["tar", "--owner=0", "--group=0", "--numeric-owner", "-c", "-C", folder, ...names] as const;
  // The line comes last, since it has the checksum of the rest.
  const sum = await chain(undefined, [{ argv: tar }], async (packed) => {
    const hash = createHash("sha256");
    packed.on("data", (bytes: Buffer) => hash.update(bytes));
    await pipeline(packed, createWriteStream(file, { flags: "wx", mode: 0o600, start: headerLength }));
    return hash.digest("hex");
  });
  const handle = await open(file, "r+");
  await handle.write(`${format} ${String(version)} ${sum}\n`, 0);
  await handle.sync();
  await handle.close();
}

async function encrypt(
  { environment }: Environment,
  input: Readable | undefined,
  stages: readonly Stage[],
  file: string,
): Promise<void> {
  await withGnupg(passphraseOf(environment), async (gnupg) => chain(input, [...stages, gnupg.encryptTo(file)], text));
}

/** A backup's file. */
export class Archive implements Backup {
  private constructor(
    private readonly context: Environment,
    readonly file: string,
    readonly manifest: SealedManifest,
  ) {}

  /**
   * Reads everything in the file once.
   *
   * @throws FarmError if the file is no backup, of another version, damaged, or encrypted with another passphrase
   */
  static async open(context: Environment, file: string): Promise<Archive> {
    const sum = await checksumOf(file);
    if ((await sha256(packed(file))) !== sum)
      throw new FarmError(`${file} is damaged, its checksum is not that of its first line: take another copy of it`);
    const passphrase = passphraseOf(context.environment);
    const decrypted = withGnupg(passphrase, async ({ decrypt }) =>
      chain(packed(file), [extract("manifest.json"), decrypt], text),
    ).catch((error: unknown) => {
      if (!(error instanceof CommandError)) throw error;
      const source = passphraseSource(context.environment);
      throw new FarmError(`${file} was encrypted with another passphrase than that in ${source}: put that one there`);
    });
    const archive = new Archive(context, file, SealedManifest.parse(JSON.parse(await decrypted)));
    await archive.check();
    return archive;
  }

  has(part: PartName): boolean {
    return this.manifest.parts[part] !== undefined;
  }

  async read<T>(part: PartName, stages: readonly Stage[], sink: Sink<T>): Promise<T> {
    return withGnupg(passphraseOf(this.context.environment), async ({ decrypt }) =>
      chain(packed(this.file), [extract(part), decrypt, ...stages], sink),
    );
  }

  private async check(): Promise<void> {
    for (const [part, sum] of Object.entries(this.manifest.parts)) {
      const actual = await chain(packed(this.file), [extract(part)], sha256).catch(damaged);
      if (actual !== sum || !isPart(part) || !(await isWhole(this, part).catch(damaged)))
        throw new FarmError(`${this.file} is damaged: its ${part} is not what was written`);
    }
  }
}

/** A program that cannot read a part to its end. */
function damaged(error: unknown): undefined {
  if (error instanceof CommandError) return undefined;
  throw error;
}

async function checksumOf(file: string): Promise<string> {
  if (!existsSync(file) || !statSync(file).isFile()) throw new FarmError(`there is no file ${file}`);
  const handle = await open(file, "r");
  const { buffer, bytesRead } = await handle.read(Buffer.alloc(200), 0, 200, 0);
  await handle.close();
  const [first = ""] = buffer.subarray(0, bytesRead).toString("latin1").split("\n");
  const [, found, sum] = /^swarm-farm backup (\d+) (.*)$/.exec(first) ?? [];
  if (found === undefined || sum === undefined) throw new FarmError(`${file} is no backup: ./farm backup writes one`);
  if (Number(found) !== version)
    throw new FarmError(
      `${file} is of another version of ./farm ('${format} ${found}', this one reads '${format} ${String(version)}')`,
    );
  return sum;
}

/** The tar behind the first line. */
function packed(file: string): Readable {
  return createReadStream(file, { start: headerLength });
}

function extract(part: string): Stage {
  return { argv: ["tar", "-xO", `${part}.gpg`] };
}

async function sha256(bytes: Readable): Promise<string> {
  const hash = createHash("sha256");
  for await (const chunk of bytes) hash.update(chunk as Buffer);
  return hash.digest("hex");
}
