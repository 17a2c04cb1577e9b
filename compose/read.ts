import { dirname, relative, resolve } from "node:path";
import type { ComposeApplication, ComposeInput, ComposeOwnFile, ComposeResult } from "./model/application";
import type { Context, Objects } from "./assemble/context";
import { withNamedBuilds } from "./assemble/build";
import { Folders } from "./assemble/folders";
import { withHostNetwork } from "./assemble/host-network";
import { withLinks } from "./assemble/links";
import { needsOf } from "./assemble/needs";
import { assembleFile, assembleNetwork, assembleVolume } from "./assemble/objects";
import { inOrder, withoutMissing } from "./assemble/order";
import { withProfiles } from "./assemble/profiles";
import { assembleService } from "./assemble/service";
import { withVolumesFrom } from "./assemble/volumes-from";
import { withExtended } from "./extends";
import { readFile, type FileContent, type Reading } from "./files";
import { Findings } from "./model/findings";
import { Folder } from "./model/folder";
import { Interpolation } from "./interpolate";
import { mergeServices } from "./merge";
import type { ServicePart } from "./decode/part";
import { checkApplication } from "./rules";

/** Reads compose files: the application that they describe, and everything that there is to say about them at once. */
export function readCompose(input: ComposeInput): ComposeResult {
  const findings = new Findings();
  const [first] = input.files;
  const folder = new Folder(resolve(input.folder, dirname(first)), resolve(input.folder));
  const interpolation = new Interpolation(input.variables ?? {}, findings);
  const reading = { folder, interpolation, findings };
  const contents = input.files.flatMap((file) => readOne(file, dirname(first), reading) ?? []);
  const folders = new Folders(
    input.folders ?? {},
    last(contents, ({ objects }) => objects.volumes),
  );
  const application = contents.length === input.files.length ? assemble(input, contents, reading, folders) : undefined;
  if (application) {
    folders.check({ file: first, line: 1 }, findings);
    checkApplication(application, findings);
  }
  const needs = needsOf(application, interpolation.uses, folders.proposed);
  return { ...(application ? { application } : {}), findings: findings.all, needs };
}

function readOne(file: string, root: string, reading: Reading): FileContent | undefined {
  const inside = relative(root, file);
  const found = reading.folder.read(inside);
  if (found.kind !== "file") {
    const reason = found.kind === "folder" ? `'${file}' is a folder` : found.reason;
    reading.findings.refuse({ file, line: 1 }, "", reason, "name a compose file, and others in its folder");
    return undefined;
  }
  const content = readFile(found.bytes.toString("utf8"), file, reading);
  return content && { ...content, services: withExtended(file, content, reading) };
}

function assemble(
  { name: stack, files: [first], profiles = [] }: ComposeInput,
  contents: readonly FileContent[],
  { folder, findings }: Reading,
  folders: Folders,
): ComposeApplication {
  const all = mergedServices(contents);
  const parts = withVolumesFrom(withLinks(withProfiles(all, profiles, first, findings), findings), findings);
  const objects: Objects = {
    networks: withHostNetwork(
      last(contents, ({ objects }) => objects.networks),
      parts.values(),
      findings,
    ),
    volumes: folders.volumes({ file: first, line: 1 }),
    configs: last(contents, ({ objects }) => objects.configs),
    secrets: last(contents, ({ objects }) => objects.secrets),
  };
  const leftOut = new Set([...all.keys()].filter((key) => !parts.has(key)));
  const bound = new Map<string, ComposeOwnFile>();
  const context: Context = { stack, objects, folder, findings, folders, bound };
  const assembled = inOrder(parts, leftOut, findings).map((part) =>
    assembleService(withoutMissing(part, parts), context),
  );
  const services = withNamedBuilds(assembled, context);
  const used = new Map(services.flatMap(({ networks }) => networks.map(({ network, at }) => [network, at])));
  const plain = {
    path: "",
    external: false,
    labels: new Map(),
    driverOpts: new Map(),
    internal: false,
    attachable: false,
    subnets: [],
  };
  return {
    name: stack,
    services,
    networks: [...used]
      .sort()
      .map(([key, at]) => assembleNetwork(stack, key, objects.networks.get(key) ?? { ...plain, at })),
    volumes: sorted(objects.volumes).map(([key, object]) => assembleVolume(stack, key, object)),
    configs: [
      ...sorted(objects.configs).flatMap(([key, object]) => assembleFile(stack, key, object, findings)),
      ...bound.values(),
    ],
    secrets: sorted(objects.secrets).flatMap(([key, object]) => assembleFile(stack, key, object, findings)),
  };
}

function mergedServices(contents: readonly FileContent[]): ReadonlyMap<string, ServicePart> {
  const merged = new Map<string, ServicePart>();
  for (const { services } of contents)
    for (const [key, part] of services) {
      const before = merged.get(key);
      merged.set(key, before === undefined ? part : mergeServices(before, part));
    }
  return merged;
}

/** Of what several files say of one object, the last. */
function last<T>(
  contents: readonly FileContent[],
  of: (content: FileContent) => ReadonlyMap<string, T>,
): ReadonlyMap<string, T> {
  return new Map(contents.flatMap((content) => [...of(content)]));
}

function sorted<T>(map: ReadonlyMap<string, T>): [string, T][] {
  return [...map].sort(([a], [b]) => (a < b ? -1 : 1));
}
