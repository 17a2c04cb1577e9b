/** File systems that are no disks, or small and full by design. */
const disks = 'fstype!~"tmpfs|ramfs|overlay|squashfs|iso9660", mountpoint!~"/boot.*"';

/**
 * PromQL: how much of each disk is free for programs, from 0 to 1.
 *
 * @param which node exporters, as a matcher of labels
 */
export function freeShare(which: string): string {
  const of = `{${which}, ${disks}}`;
  return `node_filesystem_avail_bytes${of} / node_filesystem_size_bytes${of}`;
}
