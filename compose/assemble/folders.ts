import { posix } from "node:path";
import type { VolumeObject } from "../decode/objects";
import type { MountPart } from "../decode/part";
import type { ComposeNeeds } from "../model/application";
import type { Position } from "../model/position";
import type { Findings } from "../model/findings";

/** In place of a volume's key: the folder is mounted as if the file had `:ro`. */
export const readOnlyFolder = ":ro";

/** Relative folders of the files for which the configuration has volumes. */
export class Folders {
  readonly #volumes: ReadonlyMap<string, string>;
  readonly #twice: string | undefined;
  readonly #proposed: MountPart[] = [];
  /** Relative paths that services mount. */
  readonly #mounted = new Set<string>();

  /**
   * @param volumes the volume's key by the folder's path, as the files write it
   * @param known the files' volumes
   */
  constructor(
    volumes: Readonly<Record<string, string>>,
    private readonly known: ReadonlyMap<string, VolumeObject>,
  ) {
    this.#volumes = new Map(Object.entries(volumes).map(([path, volume]) => [cleanFolder(path), volume]));
    this.#twice = Object.keys(volumes).find((path, index, all) =>
      all.slice(0, index).some((other) => cleanFolder(other) === cleanFolder(path)),
    );
  }

  /** The key of the volume that takes a folder's place, or `:ro`. Undefined: the configuration has nothing for it. */
  volumeOf(source: string): string | undefined {
    const path = cleanFolder(source);
    this.#mounted.add(path);
    return this.#volumes.get(path);
  }

  /** Keeps a folder that has nothing in it on this machine: a volume can take its place, and nothing is lost. */
  propose(part: MountPart): void {
    this.#proposed.push(part);
  }

  /** Folders that a volume could replace; never two of which one lies in the other, which two volumes do not. */
  get proposed(): ComposeNeeds["folders"] {
    const paths = new Map(this.#proposed.map(({ source, at }) => [cleanFolder(source), { source, at }]));
    const isNested = (path: string) =>
      [...this.#mounted].some((other) => other !== path && (isBelow(other, path) || isBelow(path, other)));
    const names = new Set([...this.known.keys(), ...this.#keys]);
    return [...paths]
      .filter(([path]) => !isNested(path))
      .map(([path, { source, at }]) => {
        let volume = nameOf(path);
        while (names.has(volume)) volume += "-folder";
        names.add(volume);
        return { path: source, volume, at };
      });
  }

  /** The files' volumes, and those that only the configuration has. */
  volumes(at: Position): ReadonlyMap<string, VolumeObject> {
    const own = { at, path: "", external: false, name: undefined, labels: new Map(), driverOpts: new Map() };
    return new Map([...this.#keys.map((key): [string, VolumeObject] => [key, own]), ...this.known]);
  }

  get #keys(): string[] {
    return [...this.#volumes.values()].filter((volume) => volume !== readOnlyFolder);
  }

  /** Refuses folders that no service mounts: a typing error would leave the mount as it is. */
  check(at: Position, findings: Findings): void {
    if (this.#twice !== undefined)
      findings.refuse(at, "", `'folders' of the stack has '${this.#twice}' twice`, "leave one of the two");
    for (const path of this.#volumes.keys())
      if (!this.#mounted.has(path))
        findings.refuse(
          at,
          "",
          `'folders' of the stack has '${path}', which no service mounts`,
          this.#mounted.size === 0
            ? "remove it: no service mounts a relative path"
            : `name one of ${[...this.#mounted].map((each) => `'${each}'`).join(", ")}`,
        );
  }
}

/** A path as others are compared with: `data` of `./data/`. */
export function cleanFolder(path: string): string {
  return posix.normalize(path).replace(/(?<=.)\/$/, "");
}

function isBelow(path: string, folder: string): boolean {
  return folder === "." || path.startsWith(`${folder}/`);
}

/** `data-mysql` of `data/mysql`. */
function nameOf(path: string): string {
  const name = path.replaceAll(/[^A-Za-z0-9_.-]+/g, "-").replaceAll(/^[-_.]+|[-_.]+$/g, "");
  return name === "" ? "data" : name;
}
