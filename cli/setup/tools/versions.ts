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

/** Of the CLI and the plugins: those of the SDKs that speak to them. `offline/toolchain` pins the same. */
export const versions = {
  pulumi: pulumiVersion,
  docker: manifest.devDependencies["@pulumi/docker"],
  command: manifest.devDependencies["@pulumi/command"],
  /** Pulumi's plugin for any Terraform provider. */
  terraform: libvirtSdk.version,
  /** The Terraform provider that it runs. */
  libvirtProvider: libvirtSdk.parameterization.version,
  /** What the exporter asks for; from 1.21 on Go itself fetches the newer one that offline/toolchain asks for. */
  goMinimum: "1.22",
} as const;
