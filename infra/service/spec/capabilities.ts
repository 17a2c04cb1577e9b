import { filled } from "./text";

/** Capabilities of Linux, as `capabilities(7)` lists them. */
export const capabilities = [
  "AUDIT_CONTROL",
  "AUDIT_READ",
  "AUDIT_WRITE",
  "BLOCK_SUSPEND",
  "BPF",
  "CHECKPOINT_RESTORE",
  "CHOWN",
  "DAC_OVERRIDE",
  "DAC_READ_SEARCH",
  "FOWNER",
  "FSETID",
  "IPC_LOCK",
  "IPC_OWNER",
  "KILL",
  "LEASE",
  "LINUX_IMMUTABLE",
  "MAC_ADMIN",
  "MAC_OVERRIDE",
  "MKNOD",
  "NET_ADMIN",
  "NET_BIND_SERVICE",
  "NET_BROADCAST",
  "NET_RAW",
  "PERFMON",
  "SETFCAP",
  "SETGID",
  "SETPCAP",
  "SETUID",
  "SYSLOG",
  "SYS_ADMIN",
  "SYS_BOOT",
  "SYS_CHROOT",
  "SYS_MODULE",
  "SYS_NICE",
  "SYS_PACCT",
  "SYS_PTRACE",
  "SYS_RAWIO",
  "SYS_RESOURCE",
  "SYS_TIME",
  "SYS_TTY_CONFIG",
  "WAKE_ALARM",
] as const;

/** A capability without `CAP_`, or all of them. */
export type Capability = (typeof capabilities)[number] | "ALL";

/** Capabilities of a container's processes, added to or dropped from Docker's default ones. */
export interface Capabilities {
  readonly add?: readonly Capability[];
  readonly drop?: readonly Capability[];
}

/** As Docker's client sends them: with their prefix, sorted, `ALL` alone; what is added is not dropped. */
export function capabilityLists({ add = [], drop = [] }: Capabilities) {
  return { capAdds: listOf(add), capDrops: listOf(drop.filter((name) => !add.includes(name))) };
}

function listOf(names: readonly Capability[]): string[] | undefined {
  if (names.includes("ALL")) return ["ALL"];
  return filled([...new Set(names)].sort().map((name) => `CAP_${name}`));
}
