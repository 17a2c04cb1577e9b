import { join } from "node:path";
import { contentHashIn, repository } from "../../../infra/images/content";

/** A Go module below offline/toolchain. */
export type GoModule = "pulumi" | "bridge" | "command" | "libvirt";

/** The folder for machines without Pulumi's downloads. */
const offline = join(repository, "offline");

/** The folder of a Go module from which one of Pulumi's tools is built. */
export function moduleFolder(module: GoModule): string {
  return join(offline, "toolchain", module);
}

/** The hash of a module, independent of the location of offline/. */
export function moduleHash(module: GoModule): string {
  return contentHashIn(offline, join("toolchain", module));
}
