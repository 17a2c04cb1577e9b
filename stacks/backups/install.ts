import { readFileSync } from "node:fs";
import { join } from "node:path";
import { scriptText } from "../../infra/remote/script";
import { shellQuote } from "../../infra/remote/shell";
import type { Dump } from "../contract/entries";
import { volumeCopies, type BackupsConfig, type VolumeCopy } from "./schema";
import { scripts } from "./scripts";

/** The settings of a node's backups; node/backups explains them. */
export interface NodeBackups extends Pick<
  BackupsConfig,
  "schedule" | "to" | "keep" | "volumes" | "limitHours" | "readOnly"
> {
  readonly node: string;
  readonly dumps: readonly Dump[];
  /** The certificate for which a manager encrypts the state of the swarm; none with `readOnly`. */
  readonly seal?: string | undefined;
}

/** Text of a script that installs the backups on a node, or updates their settings. */
export function installScript(of: NodeBackups): string {
  return scripts("install.sh", {
    FOLDER: "folder" in of.to ? of.to.folder : "",
    SETTINGS: settings(of),
    PROGRAM: `#!/bin/sh\n${scriptText(join(__dirname, "node", "backups"))}\n`,
    SERVICE: readFileSync(join(__dirname, "node", "backups.service"), "utf8"),
    TIMER: of.readOnly ? "" : timer(of.schedule),
  });
}

/** Text of a script that ends the backups of a node; the repositories stay. */
export function uninstallScript(): string {
  return scripts("uninstall.sh", {});
}

/** After how many hours without a whole backup `doctor` reports a node. */
export function limitHoursOf({ schedule, limitHours }: Pick<BackupsConfig, "schedule" | "limitHours">): number {
  return limitHours ?? (schedule === "hourly" ? 3 : 36);
}

/** The assignments that the node's program reads. */
export function settings(of: NodeBackups): string {
  const { node, dumps, keep, seal } = of;
  const volumes = volumeCopies(of);
  const namesOf = (copy: VolumeCopy["copy"]) => volumes.flatMap((each) => (each.copy === copy ? [each.name] : []));
  const held = (["paused", "snapshot"] as const).flatMap((copy): [string, string][] =>
    namesOf(copy).length > 0 ? [[copy.toUpperCase(), namesOf(copy).join(" ")]] : [],
  );
  const kept = Object.entries(keep).flatMap(([unit, count]) => (count > 0 ? [`--keep-${unit} ${String(count)}`] : []));
  const values: [string, string][] = [
    ["NODE", node],
    ["VOLUMES", volumes.map(({ name }) => name).join(" ")],
    ...held,
    ["DUMPS", dumps.map(({ name }) => name).join(" ")],
    ["KEEP", ["--keep-last 1", ...kept].join(" ")],
    ["LIMIT_HOURS", String(limitHoursOf(of))],
    ...(of.readOnly ? [["READ_ONLY", "yes"] satisfies [string, string]] : []),
    ...(seal === undefined ? [] : [["SEAL", seal.trimEnd()] satisfies [string, string]]),
    ...dumps.flatMap(({ name, service, dump, load }): [string, string][] => [
      [`dump_${name}_service`, service],
      [`dump_${name}_dump`, dump],
      [`dump_${name}_load`, load],
    ]),
  ];
  return values.map(([name, value]) => `${name}=${shellQuote(value)}\n`).join("");
}

/** systemd starts no second run while one is under way, and makes up for a run that was missed while the node was off. */
function timer(schedule: string): string {
  const when = schedule === "hourly" ? "hourly" : `*-*-* ${schedule}:00 UTC`;
  return [
    "[Unit]",
    "Description=Back up volumes and databases on a schedule",
    "",
    "[Timer]",
    `OnCalendar=${when}`,
    "RandomizedDelaySec=15m",
    "Persistent=true",
    "",
    "[Install]",
    "WantedBy=timers.target",
    "",
  ].join("\n");
}
