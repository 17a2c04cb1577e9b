import { counted } from "../../infra/config/counted";
import { operations, type Change, type Operation } from "./change";
import { codeSpan } from "./escape";
import { grouped } from "./grouped";
import { lostMachines, type MachineChange } from "./machines";

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
export function machineWarning(changes: readonly Change[]): string[] {
  const machines = lostMachines(changes);
  if (machines.length === 0) return [];
  const shown = machines.slice(0, longestList);
  const more = machines.length - shown.length;
  return [
    `**${counted(machines.length, "machine is", "machines are")} replaced or deleted:**`,
    "",
    ...shown.map((machine) => `- ${codeSpan(machine.node)}: ${fate(machine)}`),
    ...(more > 0 ? [`- and ${more} more`] : []),
  ];
}

function fate({ machine, disk }: MachineChange): string {
  const gone = "**what is on it is lost**";
  if (!machine) return `its disk is ${done[disk ?? "replace"]}, ${gone}`;
  if (!disk) return `${done[machine]}, its disk stays`;
  return machine === disk
    ? `${done[machine]} with its disk, ${gone}`
    : `${done[machine]}, its disk is ${done[disk]}, ${gone}`;
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
