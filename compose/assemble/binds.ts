import { createHash } from "node:crypto";
import { extname, join as joinPaths, posix, relative } from "node:path";
import { counted } from "../../infra/config/counted";
import { hintAtOutside, mostBytes } from "../decode/objects";
import type { MountPart } from "../decode/part";
import type { ComposeFileUse } from "../model/service";
import { type Context, namespaceLabel, scoped } from "./context";

/** Each file is a resource of the preview; more are an image's business. */
const mostFiles = 100;

/** Content of the config that an empty file becomes. */
const oneLine = Buffer.from("\n");

/** Files with which git keeps a folder that has no others. */
const placeholder = /(^|\/)\.(gitkeep|gitignore|keep)$/;

/** Translation of a bind of a relative path: one file, or the files of a small read-only folder, as configs. */
export function bindFiles(part: MountPart, context: Context): readonly ComposeFileUse[] {
  const { source, at, path } = part;
  const { findings, folder } = context;
  const found = folder.readAround(source);
  if (found.kind !== "problem") hintAtOutside(source, part, folder, findings);
  if (found.kind === "file") {
    findings.improve(
      at,
      path,
      "docker mounts a path of this machine; here the file is a config, which the container cannot write",
    );
    return [bound(source, found.bytes, part.target, part, context)].flatMap((use) => use ?? []);
  }
  if (found.kind === "problem") {
    const asVolume = !part.readOnly && found.isMissing && extname(part.target) === "";
    if (asVolume) context.folders.propose(part);
    findings.refuse(
      at,
      path,
      `a relative path names a file of this machine, and ${found.reason}`,
      instead(part, context),
    );
    return [];
  }
  const files = folder.filesBelow(found.path);
  const isEmpty = files.every((file) => placeholder.test(file));
  if (!part.readOnly || files.length === 0 || files.length > mostFiles) {
    if (!part.readOnly && isEmpty) context.folders.propose(part);
    const what = `'${source}' is a folder of this machine${part.readOnly ? ` with ${counted(files.length, "file")}` : ""}`;
    const small = `with ':ro', a folder of 1 to ${String(mostFiles)} files becomes configs`;
    findings.refuse(at, path, `${what}; ${small}`, instead(part, context));
    return [];
  }
  findings.improve(at, path, "docker mounts a path of this machine; here each file of the folder is a config");
  return files.flatMap((file) => {
    const read = folder.readAround(file);
    const inside = relative(joinPaths(folder.root, found.path), joinPaths(folder.root, file));
    if (read.kind === "file") return bound(file, read.bytes, posix.join(part.target, inside), part, context) ?? [];
    const reason = read.kind === "problem" ? read.reason : `'${file}' is a link to a folder`;
    findings.refuse(at, path, reason, instead(part, context));
    return [];
  });
}

function instead({ source }: MountPart, { isBuilt = false }: Context): string {
  const given = `'folders' of the stack (${source}: VOLUME, or ${source}: ':ro' for its files as configs)`;
  // People mount the source over the image while they develop.
  const image = isBuilt ? "leave it out if the image that 'build' makes has the files" : "put the files into the image";
  return `${image}, give a folder in ${given}, or write an absolute path of the nodes`;
}

function bound(
  file: string,
  bytes: Buffer,
  target: string,
  part: MountPart,
  context: Context,
): ComposeFileUse | undefined {
  const { source, at, path, readOnly } = part;
  const { stack, bound: configs, findings } = context;
  const isEmpty = bytes.length === 0;
  if ((isEmpty && !readOnly) || bytes.length > mostBytes.config) {
    const reason = isEmpty
      ? "is empty, and a config is neither empty nor written by the container"
      : `has ${String(bytes.length)} bytes, and a config has 1 to ${String(mostBytes.config)}`;
    const large = file === source ? "put it into the image" : instead(part, context);
    const alternative = isEmpty ? "mount a volume at the folder around it, or add ':ro'" : large;
    findings.refuse(at, path, `'${file}' ${reason}`, alternative);
    return undefined;
  }
  if (isEmpty) findings.improve(at, path, `Swarm takes no empty config: '${file}' is one empty line`);
  const clean = posix.normalize(file);
  const key = `file-${createHash("sha256").update(clean).digest("hex").slice(0, 8)}`;
  const name = scoped(stack, key);
  const content = { from: "file", file: clean, base64: (isEmpty ? oneLine : bytes).toString("base64") } as const;
  configs.set(key, { kind: "own", key, name, at, content, labels: { [namespaceLabel]: stack } });
  return { source: key, name, target, uid: "0", gid: "0", mode: 0o444, at };
}
