import type { Readable } from "node:stream";
import { text } from "node:stream/consumers";
import type { Backup } from "./backup-file";
import type { PartName } from "./manifest";

/** Whether a part can be decrypted and is complete. */
export async function isWhole(archive: Pick<Backup, "read">, part: PartName): Promise<boolean> {
  if (part === "swarm.tar") {
    const names = await archive.read(part, [{ argv: ["tar", "-t"] }], text);
    return names.split("\n").includes("swarm/certificates/swarm-node.key");
  }
  return (await archive.read(part, [], lastLine)).startsWith("-- Dump completed");
}

/** Longer than the last line of a dump, in characters. */
const keptBytes = 4096;

/** The last line of a stream, without keeping the rest. */
async function lastLine(output: Readable): Promise<string> {
  let end = Buffer.alloc(0);
  for await (const chunk of output) end = Buffer.concat([end, chunk as Buffer]).subarray(-keptBytes);
  return end.toString().trimEnd().split("\n").at(-1) ?? "";
}
