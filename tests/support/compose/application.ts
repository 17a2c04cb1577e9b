import { describe as toText } from "../../../compose/model/findings";
import { readApplication, type ReadApplication } from "../../../infra/compose/read";
import type { Case } from "./cases";
import { composeFilesOf } from "./compare";
import { inFolder } from "./stack-deploy";

/** The result of reading a stack's files: an application, or its problems. */
export async function applicationOf({ files, variables = {} }: Case, name = "shop"): Promise<ReadApplication> {
  const plain = Object.entries(variables).map(([key, value]) => [key, { kind: "plain", value }] as const);
  return inFolder(files, (folder) =>
    Promise.resolve(
      readApplication({ name, folder, files: composeFilesOf(files), variables: Object.fromEntries(plain) }),
    ),
  );
}

/** The messages with which it is refused; none where it is deployed. */
export async function problemsOf(one: Case): Promise<string[]> {
  const read = await applicationOf(one);
  return read.kind === "refused" ? read.problems.map(toText) : [];
}

/** The messages that a person sees of an application that is deployed. */
export async function remarksIn(one: Case): Promise<string[]> {
  const read = await applicationOf(one);
  if (read.kind === "refused") throw new Error(read.problems.map(toText).join("\n"));
  return read.remarks.map(toText);
}
