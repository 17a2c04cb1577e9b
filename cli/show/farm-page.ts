import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Context } from "../context/context";
import type { NodeOutput, Outputs } from "../pulumi/outputs";
import { table } from "./table";

/**
 * The summary of a farm: its nodes, its URLs, and commands to run next.
 *
 * @param columns of the terminal. Default: unlimited
 */
export function farmPage(
  { folders }: Pick<Context, "folders">,
  { nodes, urls, users }: Outputs,
  columns?: number,
): string[] {
  return [
    ...table(["NODE", "ROLE", "ADDRESS", "LABELS", "PATCH LEVEL"], nodes.map(row), columns),
    ...Object.entries(urls).map(([name, url]) => `${forwarded(folders.state, name) ?? url}  ${name}`),
    ...(users.length > 0 ? [`passwords: ${users.map((user) => `./farm secret ${user}`).join(" · ")}`] : []),
    "next: ./farm preview · ./farm ssh NODE · ./farm doctor · ./farm destroy",
  ];
}

function row({ name, role, address, labels, patchLevel }: NodeOutput, index: number, nodes: readonly NodeOutput[]) {
  const labelled = Object.entries(labels).map(([key, value]) => `${key}=${value}`);
  return [
    name,
    role,
    address,
    labelled.join(",") || "-",
    index > 0 && isSame(nodes[0], patchLevel) ? "same" : text(patchLevel),
  ];
}

function text(level: NodeOutput["patchLevel"]): string {
  return level ? `${level.os} · ${level.kernel} · docker ${level.docker}` : "unknown";
}

function isSame(first: NodeOutput | undefined, level: NodeOutput["patchLevel"]): boolean {
  return Boolean(level) && text(first?.patchLevel) === text(level);
}

/** The address on this machine from which a URL of an isolated farm is forwarded, if it is. */
function forwarded(state: string, name: string): string | undefined {
  const file = join(state, "forward", `${name}.url`);
  return existsSync(file) ? readFileSync(file, "utf8").trim() : undefined;
}
