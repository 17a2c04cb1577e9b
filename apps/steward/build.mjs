import { rmSync, writeFileSync } from "node:fs";
import { build } from "esbuild";

rmSync("dist", { recursive: true, force: true });

await build({
  entryPoints: ["src/main.ts"],
  outfile: "dist/steward.js",
  bundle: true,
  minify: true,
  platform: "node",
  // Debian 13's node.
  target: "node20.19",
  format: "cjs",
  legalComments: "none",
});

// Only for this folder: alone, a .js file is such a module anyway.
writeFileSync("dist/package.json", '{ "type": "commonjs" }\n');
