import { readFileSync } from "node:fs";
import { join } from "node:path";
import { script, shellQuote } from "../remote/shell";

/** The settings of a node's cleanup; its script says what each means. */
interface CleanupSettings {
  readonly afterHours: number;
  /** On the registry's node: names of the farm's own images. Default: the node has no registry */
  readonly images?: readonly string[] | undefined;
}

/** A file on a node. */
interface NodeFile {
  readonly path: string;
  /** Octal. */
  readonly mode: string;
  readonly text: string;
}

const unit = "swarm-farm-cleanup";
const settingsFile = "/etc/swarm-farm/cleanup.env";
const stateFolder = "/var/lib/swarm-farm/cleanup";

/** What is the same on every node. Where programs may be run from under SELinux. */
const files: readonly NodeFile[] = [
  { path: `/usr/local/sbin/${unit}`, mode: "755", text: own("cleanup") },
  { path: `/etc/systemd/system/${unit}.service`, mode: "644", text: own("cleanup.service") },
  { path: `/etc/systemd/system/${unit}.timer`, mode: "644", text: own("cleanup.timer") },
];

function own(name: string): string {
  return readFileSync(join(__dirname, "node", name), "utf8");
}

/** On a node: installs its cleanup, or replaces it by one with other settings. It runs in the next night for the first time. */
export function installScript({ afterHours, images }: CleanupSettings): string {
  const settings = [
    `UNUSED_HOURS=${String(afterHours)}`,
    ...(images === undefined ? [] : [`REGISTRY_IMAGES="${images.join(" ")}"`]),
  ];
  const all = [...files, { path: settingsFile, mode: "644", text: settings.map((line) => `${line}\n`).join("") }];
  return script(
    `mkdir -p ${settingsFile.slice(0, settingsFile.lastIndexOf("/"))}`,
    // A run that is under way goes on with the file that it has open.
    'put() { printf %s "$3" >"$1.new"; chmod "$2" "$1.new"; mv "$1.new" "$1"; }',
    ...all.map(({ path, mode, text }) => `put ${path} ${mode} ${shellQuote(text)}`),
    "systemctl daemon-reload",
    `systemctl -q enable --now ${unit}.timer`,
  );
}

/** On a node: stops its cleanup and removes it. */
export function uninstallScript(): string {
  return script(
    `systemctl -q disable --now ${unit}.timer || true`,
    `rm -rf ${[...files.map(({ path }) => path), settingsFile, stateFolder].join(" ")}`,
    "systemctl daemon-reload",
  );
}
