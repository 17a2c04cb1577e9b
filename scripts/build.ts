/**
 * Builds dist/, what the package `swarm-farm` consists of: compiled JavaScript and types of everything that infra/index.ts
 * exports, the files that it reads at run time, and the generated SDK of libvirt, which no registry has.
 */
import { execFileSync } from "node:child_process";
import { cpSync, existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";

const repository = join(__dirname, "..");
const dist = join(repository, "dist");
const sdk = join(dist, "sdks", "libvirt");

rmSync(dist, { recursive: true, force: true });
execFileSync(process.execPath, [require.resolve("typescript/bin/tsc"), "-p", join(repository, "tsconfig.build.json")], {
  stdio: "inherit",
});
copyData();
copySdk();
useCopiedSdk();

/** Files that compiled modules read, at the same paths: scripts in folders of their own, and how the guest image boots. */
function copyData(): void {
  const folders = readdirSync(join(dist, "infra")).map((folder) => join("infra", folder));
  const withScripts = folders.filter((folder) => existsSync(join(dist, folder, "scripts.js")));
  for (const path of [...withScripts.map((folder) => join(folder, "scripts")), join("images", "guest", "recipe.json")])
    cpSync(join(repository, path), join(dist, path), { recursive: true });
}

/** Pulumi finds the plugin that a program needs by the `pulumi` of each package.json below node_modules. */
function copySdk(): void {
  const source = join(repository, "sdks", "libvirt");
  cpSync(join(source, "bin"), sdk, { recursive: true, filter: (file) => !file.endsWith(".map") });
  const { name, version, pulumi } = JSON.parse(readFileSync(join(source, "package.json"), "utf8")) as Record<
    string,
    unknown
  >;
  writeFileSync(
    join(sdk, "package.json"),
    `${JSON.stringify({ name, version, main: "index.js", types: "index.d.ts", pulumi }, undefined, 2)}\n`,
  );
}

/** A dependency on `@pulumi/libvirt` would be one that npm cannot install: the copy is imported by its path. */
function useCopiedSdk(): void {
  const compiled = readdirSync(join(dist, "infra"), { recursive: true, encoding: "utf8" });
  for (const file of compiled.filter((name) => /\.(js|d\.ts)$/.test(name)).map((name) => join(dist, "infra", name))) {
    const path = relative(dirname(file), join(sdk, "index"));
    const text = readFileSync(file, "utf8");
    writeFileSync(file, text.replaceAll('"@pulumi/libvirt"', JSON.stringify(path)));
  }
}
