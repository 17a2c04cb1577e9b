import { describe as toText } from "../../../compose/model/findings";
import type { Case } from "./cases";
import { read } from "./compare";
import { inFolder } from "./stack-deploy";

/** A file with what is wrong, and the messages that refuse it, in full. */
export type Refusals = Readonly<Record<string, readonly [Case, ...string[]]>>;

/** A folder with this compose file, and others. */
export function file(text: string, more: Case["files"] = {}): Case {
  return { files: { "compose.yaml": text, ...more } };
}

/** The messages with which a stack is refused. */
export async function refusedOf(one: Case, prepare: (folder: string) => void = () => undefined): Promise<string[]> {
  const { findings } = await inFolder(one.files, (folder) => {
    prepare(folder);
    return read(folder, one);
  });
  return findings.filter(({ outcome }) => outcome === "refused").map(toText);
}
