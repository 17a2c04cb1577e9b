import { except, honoured, improved, refused, unsaid, type Key } from "./key";

const service = "services.*.";

/** Keys of a service's volumes in the long form. */
export const mountKeys: readonly Key[] = [
  ...honoured(`${service}volumes[].`, "type", "source", "target", "read_only", "consistency"),
  ...honoured(`${service}volumes[].`, "bind", "bind.propagation", "volume", "volume.nocopy", "tmpfs", "tmpfs.size"),
  improved(`${service}volumes[].tmpfs.mode`, "ignores", "the permission bits of the folder are set"),
  unsaid(`${service}volumes[].volume.subpath`, "mount the whole volume"),
  refused(
    `${service}volumes[].volume.labels`,
    "ignores",
    "labels belong to the volume",
    "write them under 'volumes' of the file",
  ),
  improved(
    `${service}volumes[].bind.create_host_path`,
    "ignores",
    "Swarm makes no path of a node: an absolute one must be there, and in place of a relative one there are configs or a volume",
  ),
  improved(`${service}volumes[].bind.selinux`, "ignores", "the nodes have no SELinux: nothing is needed"),
  except(
    refused(`${service}volumes[].bind.recursive`, "ignores", "Swarm's binds are always recursive", "leave it out"),
    "Swarm's binds are always recursive",
    "enabled",
  ),
  unsaid(`${service}volumes[].image`, "put the files into the service's image"),
  unsaid(`${service}volumes[].cluster`, "use a volume of a driver that every node has"),
];
