import { createHash } from "node:crypto";
import type { ComposeOwnFile } from "../model/application";
import type { FileObject, NetworkObject, VolumeObject } from "../decode/objects";
import type { Findings } from "../model/findings";
import type { Folder } from "../model/folder";
import type { Folders } from "./folders";

/** Objects that services share, from all files together. */
export interface Objects {
  readonly networks: ReadonlyMap<string, NetworkObject>;
  readonly volumes: ReadonlyMap<string, VolumeObject>;
  readonly configs: ReadonlyMap<string, FileObject>;
  readonly secrets: ReadonlyMap<string, FileObject>;
}

/** Context for assembling a service. */
export interface Context {
  /** The stack's name. */
  readonly stack: string;
  readonly objects: Objects;
  readonly folder: Folder;
  readonly findings: Findings;
  readonly folders: Folders;
  /** Whether the service's image is built from a folder beside the file. */
  readonly isBuilt?: boolean;
  /** Configs that binds of files become, by key. */
  readonly bound: Map<string, ComposeOwnFile>;
}

/** The label with which docker marks everything of a stack. */
export const namespaceLabel = "com.docker.stack.namespace";

/** The label with the image as it is written. */
export const imageLabel = "com.docker.stack.image";

/** The name of something in the swarm: its own, or with the stack's in front. */
export function scoped(
  stack: string,
  key: string,
  object?: { readonly name?: string | undefined; readonly external: boolean },
): string {
  return object?.name ?? (object?.external ? key : `${stack}_${key}`);
}

/** Of the letters of a config's or secret's name, Swarm takes 64, and the farm 13 of them for the hash of the content. */
export const fileLetters = { swarm: 64, here: 64 - 13 } as const;

/** The name of a config or secret: where the hash of the content leaves no room for all of it, its end is a hash too. */
export function scopedFile(stack: string, key: string, object: Parameters<typeof scoped>[2]): string {
  const name = scoped(stack, key, object);
  if (object?.external || name.length <= fileLetters.here || name.length > fileLetters.swarm) return name;
  const end = createHash("sha256").update(name).digest("hex").slice(0, 8);
  return `${name.slice(0, fileLetters.here - end.length - 1)}-${end}`;
}
