import { readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { repository } from "../../../infra/images/content";
import { manifest, pulumiVersion } from "../../base/manifest";

const Sdk = z.object({
  pulumi: z.object({ version: z.string(), parameterization: z.object({ version: z.string() }) }),
});

const { pulumi: libvirtSdk } = Sdk.parse(
  JSON.parse(readFileSync(join(repository, "sdks", "libvirt", "package.json"), "utf8")),
);

/** Versions of the CLI and the plugins: those of their SDKs. `offline/toolchain` pins the same. */
export const versions = {
  pulumi: pulumiVersion,
  docker: manifest.devDependencies["@pulumi/docker"],
  command: manifest.devDependencies["@pulumi/command"],
  /** Pulumi's plugin for any Terraform provider. */
  terraform: libvirtSdk.version,
  /** The Terraform provider that it runs. */
  libvirtProvider: libvirtSdk.parameterization.version,
  /** The minimum Go, of the exporter; Go from 1.21 on fetches the newer one that offline/toolchain requires. */
  goMinimum: "1.22",
} as const;
