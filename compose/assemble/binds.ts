import { createHash } from "node:crypto";
import { extname, join as joinPaths, posix } from "node:path";
import { counted } from "../../infra/config/counted";
import { mostBytes } from "../decode/objects";
import type { MountPart } from "../decode/part";
import type { ComposeFileUse } from "../model/service";
import { type Context, namespaceLabel, scoped } from "./context";

/** More files are an image's business. */
const mostFiles = 50;

/** Files with which git keeps a folder that has no others. */
const placeholder = /(^|\/)\.(gitkeep|gitignore|keep)$/;

/** What a bind of a relative path becomes: one file, or the files of a small read-only folder, as configs. */
export function bindFiles(part: MountPart, context: Context): readonly ComposeFileUse[] {
  const { source, at, path } = part;
  const { findings, folder } = context;
  const found = folder.read(source);
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
    findings.refuse(at, path, `a relative path names a file of this machine, and ${found.reason}`, instead(part));
    return [];
  }
  const files = folder.filesBelow(found.path);
  const isEmpty = files.every((file) => placeholder.test(file));
  if (!part.readOnly || files.length === 0 || files.length > mostFiles) {
    if (!part.readOnly && isEmpty) context.folders.propose(part);
    const what = `'${source}' is a folder of this machine${part.readOnly ? ` with ${counted(files.length, "file")}` : ""}`;
    const small = `with ':ro', a folder of 1 to ${String(mostFiles)} files becomes configs`;
    findings.refuse(at, path, `${what}; ${small}`, instead(part));
    return [];
  }
  findings.improve(at, path, "docker mounts a path of this machine; here each file of the folder is a config");
  return files.flatMap((file) => {
    const read = folder.read(file);
    const inside = file.slice(found.path === "." ? 0 : joinPaths(found.path, "/").length);
    if (read.kind === "file") return bound(file, read.bytes, posix.join(part.target, inside), part, context) ?? [];
    const reason = read.kind === "problem" ? read.reason : `'${file}' is a link to a folder`;
    findings.refuse(at, path, reason, instead(part));
    return [];
  });
}

function instead({ source }: MountPart): string {
  const given = `'folders' of the stack (${source}: VOLUME, or ${source}: ':ro' for its files as configs)`;
  return `put the files into the image, give a folder in ${given}, or write an absolute path of the nodes`;
}

function bound(
  file: string,
  bytes: Buffer,
  target: string,
  { at, path }: MountPart,
  { stack, bound: configs, findings }: Context,
): ComposeFileUse | undefined {
  if (bytes.length < 1 || bytes.length > mostBytes.config) {
    findings.refuse(
      at,
      path,
      `'${file}' has ${String(bytes.length)} bytes, and a config has 1 to ${String(mostBytes.config)}`,
      "put it into the image",
    );
    return undefined;
  }
  const clean = posix.normalize(file);
  const key = `file-${createHash("sha256").update(clean).digest("hex").slice(0, 8)}`;
  const name = scoped(stack, key);
  const content = { from: "file", file: clean, base64: bytes.toString("base64") } as const;
  configs.set(key, { kind: "own", key, name, at, content, labels: { [namespaceLabel]: stack } });
  return { source: key, name, target, uid: "0", gid: "0", mode: 0o444, at };
}
