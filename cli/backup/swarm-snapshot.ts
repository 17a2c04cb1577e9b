import { text } from "node:stream/consumers";
import { shellQuote } from "../../infra/remote/shell";
import { FarmError } from "../base/errors";
import type { Context } from "../context/context";
import { onNode } from "../nodes/ssh";
import { chain, type Sink, type Stage } from "../process/chain";
import { CommandError } from "../process/run";
import { resourcesOf } from "../pulumi/answer";
import { plain } from "../secrets/logins";
import type { Backup } from "./backup-file";
import { readManifest, type PartName, type SealedManifest } from "./manifest";
import { isWhole } from "./parts";
import { program, type KnownSnapshot } from "./snapshots";

/** The component with the key (infra/keys). */
export const sealType = "swarm-farm:keys:Seal";

/** Bash hands the key to OpenSSL as a file that no disk has. */
const decrypt = "openssl cms -decrypt -binary -inform DER -inkey <(cat <&3)";

/** The state of the swarm in a snapshot of scheduled backups. A node that answers reads it; this machine decrypts it. */
export class SwarmSnapshot implements Backup {
  private constructor(
    readonly file: string,
    readonly manifest: SealedManifest,
    private readonly stages: readonly Stage[],
  ) {}

  /**
   * Reads the whole of it.
   *
   * @throws FarmError if it cannot be read or decrypted, or is not whole
   */
  static async open(context: Context, { node, id, time, reader }: Omit<KnownSnapshot, "kind">): Promise<SwarmSnapshot> {
    const file = `${node}:${id}`;
    const printed: Stage = { argv: onNode(context, reader, [program, "print", id, shellQuote(node)].join(" ")) };
    const stages: Stage[] = [printed, { argv: ["bash", "-c", decrypt], secret: await keyOf(context) }];
    try {
      const [info = "", ...nodes] = (
        await chain(undefined, [...stages, entriesOf("info.json", "nodes.json")], text)
      ).split("\n");
      const manifest = readManifest({ stack: context.stack, node, date: time }, info, nodes.join("\n"));
      const snapshot = new SwarmSnapshot(file, { ...manifest, parts: { "swarm.tar": "" } }, stages);
      if (await isWhole(snapshot, "swarm.tar")) return snapshot;
    } catch (error) {
      if (!(error instanceof CommandError)) throw error;
      throw new FarmError(`${file} cannot be read: ${(await causeOf(error, printed)).message}`);
    }
    throw new FarmError(`${file} has no whole state of a swarm: choose another of ./farm backup list`);
  }

  has(part: PartName): boolean {
    return part === "swarm.tar";
  }

  async read<T>(part: PartName, stages: readonly Stage[], sink: Sink<T>): Promise<T> {
    return chain(undefined, [...this.stages, entriesOf(part), ...stages], sink);
  }
}

/** Where the node cannot print a snapshot, OpenSSL fails after it, and hides the reason. */
async function causeOf(error: CommandError, printed: Stage): Promise<CommandError> {
  try {
    await chain(undefined, [printed, { argv: ["wc", "-c"] }], text);
    return error;
  } catch (cause) {
    return cause instanceof CommandError ? cause : error;
  }
}

function entriesOf(...names: readonly string[]): Stage {
  return { argv: ["tar", "-xO", ...names] };
}

/** The key is nowhere else, so that no node can read the swarm's secrets from a repository. */
async function keyOf(context: Context): Promise<string> {
  const seal = (await resourcesOf(context, { showSecrets: true })).find(({ type }) => type === sealType);
  const key = plain(seal?.outputs.key);
  if (typeof key === "string") return key;
  throw new FarmError(
    "the state of this farm has no key of the backups: only the farm that made them can decrypt them",
  );
}
