import { readFileSync } from "node:fs";
import { join } from "node:path";
import { scripts } from "./scripts";

/** The settings of a node's cleanup; node/cleanup explains each. */
interface CleanupSettings {
  readonly afterHours: number;
  /** On the registry's node: names of the farm's own images. Default: the node has no registry */
  readonly images?: readonly string[] | undefined;
}

/** Text of a script that installs the cleanup on a node, or updates its settings. */
export function installScript({ afterHours, images }: CleanupSettings): string {
  const settings = [
    `UNUSED_HOURS=${String(afterHours)}`,
    ...(images === undefined ? [] : [`REGISTRY_IMAGES="${images.join(" ")}"`]),
  ];
  return scripts("install.sh", {
    SETTINGS: settings.map((line) => `${line}\n`).join(""),
    PROGRAM: nodeFile("cleanup"),
    SERVICE: nodeFile("cleanup.service"),
    TIMER: nodeFile("cleanup.timer"),
  });
}

/** Text of a script that stops the cleanup of a node and removes it. */
export function uninstallScript(): string {
  return scripts("uninstall.sh", {});
}

function nodeFile(name: string): string {
  return readFileSync(join(__dirname, "node", name), "utf8");
}
