import { rmSync, writeFileSync } from "node:fs";
import { build } from "esbuild";

/**
 * Bundles a program for the base image's Node into one file of `dist/`, which needs no node_modules. `dist/` is emptied.
 *
 * @param {string} entry e.g. `src/main.ts`
 * @param {string} name of the file in `dist/`
 */
export async function bundleForNode(entry, name) {
  rmSync("dist", { recursive: true, force: true });
  await build({
    entryPoints: [entry],
    outfile: `dist/${name}`,
    bundle: true,
    minify: true,
    platform: "node",
    // Debian 13's.
    target: "node20.19",
    format: "cjs",
    define: { "import.meta.dirname": "__dirname" },
    legalComments: "none",
  });
  // Below a package.json with "type": "module", a .js file would be an ES module.
  writeFileSync("dist/package.json", '{ "type": "commonjs" }\n');
}
