import { readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { repository } from "../../infra/images/content";

const Package = z.object({
  devDependencies: z.object({
    "@pulumi/pulumi": z.string(),
    "@pulumi/docker": z.string(),
    "@pulumi/command": z.string(),
  }),
});
const Sdk = z.object({
  pulumi: z.object({ version: z.string(), parameterization: z.object({ version: z.string() }) }),
});

function read<T>(schema: z.ZodType<T>, ...path: readonly string[]): T {
  return schema.parse(JSON.parse(readFileSync(join(repository, ...path), "utf8")));
}

const { devDependencies } = read(Package, "package.json");
const { pulumi: libvirtSdk } = read(Sdk, "sdks", "libvirt", "package.json");

/** Of the CLI and the plugins: those of the SDKs that speak to them. `offline/toolchain` pins the same. */
export const versions = {
  pulumi: devDependencies["@pulumi/pulumi"],
  docker: devDependencies["@pulumi/docker"],
  command: devDependencies["@pulumi/command"],
  /** Pulumi's plugin for any Terraform provider. */
  terraform: libvirtSdk.version,
  /** The Terraform provider that it runs. */
  libvirtProvider: libvirtSdk.parameterization.version,
  /** What the exporter asks for; from 1.21 on Go itself fetches the newer one that offline/toolchain asks for. */
  goMinimum: "1.22",
} as const;
