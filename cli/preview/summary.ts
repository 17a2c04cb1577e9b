import { counted } from "../../infra/config/counted";
import { operations, type Change, type Operation } from "./change";
import { codeSpan } from "./escape";
import { grouped } from "./grouped";
import { lostVms, type VmChange } from "./lost-vms";

/** The longest list, so that the diff has space. */
const longestList = 40;

const done: Record<Operation, string> = {
  create: "created",
  update: "updated",
  replace: "replaced",
  delete: "deleted",
};

/** How many of each operation, in words: `2 create, 1 replace`. */
export function counts(changes: readonly Change[]): string {
  return operations
    .map((operation) => ({ operation, count: countOf(changes, operation) }))
    .filter(({ count }) => count > 0)
    .map(({ operation, count }) => `${count} to ${operation}`)
    .join(", ");
}

/** The VMs that are replaced or deleted. They come first, since their data may be lost. */
export function vmWarning(changes: readonly Change[]): string[] {
  const lost = lostVms(changes);
  if (lost.length === 0) return [];
  const shown = lost.slice(0, longestList);
  const more = lost.length - shown.length;
  return [
    `**${counted(lost.length, "VM is", "VMs are")} replaced or deleted:**`,
    "",
    ...shown.map((vm) => `- ${codeSpan(vm.node)}: ${fate(vm)}`),
    ...(more > 0 ? [`- and ${more} more`] : []),
  ];
}

function fate({ vm, disk }: VmChange): string {
  const gone = "**what is on it is lost**";
  if (!vm) return `its disk is ${done[disk ?? "replace"]}, ${gone}`;
  if (!disk) return `${done[vm]}, its disk stays`;
  return vm === disk ? `${done[vm]} with its disk, ${gone}` : `${done[vm]}, its disk is ${done[disk]}, ${gone}`;
}

/** Warnings, and what the changes mean for requests to services. */
export function noteList(notes: readonly string[]): string[] {
  const more = notes.length - longestList;
  return [
    ...notes.slice(0, longestList).map((note) => `- ${codeSpan(note)}`),
    ...(more > 0 ? [`- and ${more} more`] : []),
  ];
}

/** How many of each type are created, updated, replaced and deleted. */
export function table(changes: readonly Change[]): string[] {
  const types = [...grouped(changes, ({ type }) => type)].sort(([a], [b]) => (a < b ? -1 : 1));
  const rest = types.slice(longestList).flatMap(([, those]) => those);
  return [
    `| resource | ${operations.join(" | ")} |`,
    `| --- |${" ---: |".repeat(operations.length)}`,
    ...types.slice(0, longestList).map(([type, those]) => row(codeSpan(type), those)),
    ...(rest.length > 0 ? [row(`${types.length - longestList} other types`, rest)] : []),
    row("**all**", changes),
  ];
}

function row(head: string, changes: readonly Change[]): string {
  const cells = operations.map((operation) => countOf(changes, operation) || "");
  return `| ${head} | ${cells.join(" | ")} |`;
}

function countOf(changes: readonly Change[], operation: Operation): number {
  return changes.filter((change) => change.operation === operation).length;
}
