import type * as docker from "@pulumi/docker";
import { bytes } from "./units";
import { filled, filledMap, labelList, type Texts } from "./text";

interface MountPoint {
  /** The path in the container. */
  readonly target: string;
  /** Default: false. */
  readonly readOnly?: boolean;
}

/** Memory that looks like a folder. */
export interface TmpfsMount extends MountPoint {
  readonly type: "tmpfs";
  readonly source?: never;
  /** Default: half of the node's memory, as the kernel's. */
  readonly sizeMiB?: number;
  /** Permissions, e.g. `0o700`. Default: `0o1777`, as Docker's. */
  readonly mode?: number;
}

/** Driver and options for a volume that the node does not have yet. */
export interface VolumeDriver {
  /** Default: `local`. */
  readonly name?: string;
  /** Default: none. */
  readonly options?: Texts;
}

/** Data that stays on the node when the task goes. Each node has its own, unless the driver says otherwise. */
export interface VolumeMount extends MountPoint {
  readonly type: "volume";
  /** The volume's name. Default: one for each task, which is deleted with it. */
  readonly source?: string;
  /** Whether a new volume stays empty in place of what the image has at `target`. Default: false. */
  readonly noCopy?: boolean;
  readonly driver?: VolumeDriver;
  /** Labels of a volume that is made. Default: none. */
  readonly labels?: Texts;
}

/** A file, folder or socket of the node itself, which must be there. */
export interface BindMount extends MountPoint {
  readonly type: "bind";
  /** An absolute path of the node. */
  readonly source: string;
  /** Default: `rprivate`. */
  readonly propagation?: "private" | "rprivate" | "shared" | "rshared" | "slave" | "rslave";
}

/** Something at a path of the container that is not of the image. */
export type Mount = TmpfsMount | VolumeMount | BindMount;

/** Options are left out where none is set: an empty block of them would end the provider. */
export function mountOf(mount: Mount): docker.types.input.ServiceTaskSpecContainerSpecMount {
  const { type, target, source, readOnly } = mount;
  const base = { type, target, source, readOnly: readOnly === true ? true : undefined };
  switch (mount.type) {
    case "tmpfs":
      return { ...base, tmpfsOptions: tmpfsOptions(mount) };
    case "volume":
      return { ...base, volumeOptions: volumeOptions(mount) };
    case "bind":
      return { ...base, bindOptions: mount.propagation && { propagation: mount.propagation } };
  }
}

function tmpfsOptions({ sizeMiB, mode }: TmpfsMount) {
  if (sizeMiB === undefined && mode === undefined) return undefined;
  return { sizeBytes: sizeMiB === undefined ? undefined : bytes(sizeMiB), mode };
}

function volumeOptions({ noCopy = false, driver = {}, labels = {} }: VolumeMount) {
  const driverOptions = filledMap(driver.options);
  const labelled = filled(labelList(labels));
  if (!noCopy && driver.name === undefined && !driverOptions && !labelled) return undefined;
  return { noCopy: noCopy || undefined, driverName: driver.name, driverOptions, labels: labelled };
}
