import { readFileSync } from "node:fs";
import { join } from "node:path";
import { scripts } from "./scripts";

/** The settings of a node's cleanup; its program says what each means. */
interface CleanupSettings {
  readonly afterHours: number;
  /** On the registry's node: names of the farm's own images. Default: the node has no registry */
  readonly images?: readonly string[] | undefined;
}

/** On a node: installs its cleanup, or replaces it by one with other settings. */
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

/** On a node: stops its cleanup and removes it. */
export function uninstallScript(): string {
  return scripts("uninstall.sh", {});
}

function nodeFile(name: string): string {
  return readFileSync(join(__dirname, "node", name), "utf8");
}
