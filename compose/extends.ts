import type { FileContent, Reading } from "./files";
import { readFile } from "./files";
import { mergeServices } from "./merge";
import type { ServicePart } from "./decode/part";

/** A file's services with what they extend put in. */
export function withExtended(file: string, content: FileContent, reading: Reading): ReadonlyMap<string, ServicePart> {
  const others = new Map<string, FileContent | undefined>([[file, content]]);
  const reasons = new Map<string, string>();
  const load = (name: string): FileContent | undefined => {
    if (others.has(name)) return others.get(name);
    const read = reading.folder.read(name);
    if (read.kind !== "file") reasons.set(name, read.kind === "folder" ? `'${name}' is a folder` : read.reason);
    const other = read.kind === "file" ? readFile(read.bytes.toString("utf8"), name, reading) : undefined;
    others.set(name, other);
    return other;
  };
  const resolve = (part: ServicePart, from: string, open: readonly string[]): ServicePart => {
    if (part.extends === undefined) return part;
    const { service, file: named = from, at } = part.extends;
    const path = `services.${part.key}.extends`;
    const id = `${named} ${service}`;
    const base = load(named)?.services.get(service);
    if (open.includes(id)) {
      reading.findings.refuse(at, path, `services extend each other: '${service}' again`, "remove one 'extends'");
      return part;
    }
    if (base === undefined) {
      const reason =
        others.get(named) === undefined
          ? (reasons.get(named) ?? `'${named}' cannot be read`)
          : `there is no service '${service}' in '${named}'`;
      reading.findings.refuse(at, path, reason, "correct the name");
      return part;
    }
    const own = mergeServices(resolve(base, named, [...open, id]), { ...part, extends: undefined });
    return { ...own, key: part.key, at: part.at };
  };
  return new Map([...content.services].map(([key, part]) => [key, resolve(part, file, [`${file} ${key}`])]));
}
