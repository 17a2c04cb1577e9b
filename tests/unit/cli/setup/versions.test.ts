import { readFileSync } from "node:fs";
import { join } from "node:path";
import { versions } from "../../../../cli/setup/tools/versions";
import { repository } from "../../../../infra/images/content";

const toolchain = (...path: readonly string[]) => readFileSync(join(repository, "offline", "toolchain", ...path), "utf8");

test("plugins built offline have the versions of their SDKs", () => {
  expect(toolchain("pulumi", "go.mod")).toContain(`github.com/pulumi/pulumi/pkg/v3 v${versions.pulumi}\n`);
  expect(toolchain("bridge", "docker", "main.go")).toContain(`pluginVersion = "${versions.docker}"`);
  expect(toolchain("libvirt", "go.mod")).toContain(`dmacvicar/terraform-provider-libvirt v${versions.libvirtProvider} `);
});

test("every version is exact", () => {
  const { goMinimum, ...exact } = versions;
  for (const version of Object.values(exact)) expect(version).toMatch(/^\d+\.\d+\.\d+$/);
  expect(goMinimum).toMatch(/^\d+\.\d+$/);
});
