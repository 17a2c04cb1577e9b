import { join } from "node:path";
import { contentHashIn, repository } from "../../../infra/images/content";

/** A Go module below offline/toolchain. */
export type GoModule = "pulumi" | "bridge" | "command" | "libvirt";

/** The folder that is only for machines without Pulumi's downloads. */
const offline = join(repository, "offline");

export function moduleFolder(module: GoModule): string {
  return join(offline, "toolchain", module);
}

/** Names what is built from a module: its content, wherever in the repository offline/ lies. */
export function moduleHash(module: GoModule): string {
  return contentHashIn(offline, join("toolchain", module));
}
