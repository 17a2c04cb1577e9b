import { join } from "node:path";
import { contentHashIn, repository } from "../../../infra/images/content";

/** A Go module below offline/toolchain. */
export type GoModule = "pulumi" | "bridge" | "command" | "libvirt";

/** The folder for machines without Pulumi's downloads. */
const offline = join(repository, "offline");

export function moduleFolder(module: GoModule): string {
  return join(offline, "toolchain", module);
}

/** The hash of a module, independent of the location of offline/. */
export function moduleHash(module: GoModule): string {
  return contentHashIn(offline, join("toolchain", module));
}
