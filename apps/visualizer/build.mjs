import { cpSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { build } from "esbuild";

rmSync("dist", { recursive: true, force: true });
mkdirSync("dist/public", { recursive: true });

await build({
  entryPoints: ["server/main.ts"],
  outfile: "dist/server.js",
  bundle: true,
  minify: true,
  platform: "node",
  // Debian 13's node.
  target: "node20.19",
  format: "cjs",
  define: { "import.meta.dirname": "__dirname" },
  legalComments: "none",
});

await build({
  entryPoints: ["page/app.tsx", "page/app.css"],
  outdir: "dist/public",
  bundle: true,
  minify: true,
  target: ["chrome120", "firefox121", "safari17.2"],
  format: "esm",
  jsx: "automatic",
  jsxImportSource: "preact",
  legalComments: "none",
});

for (const file of ["index.html", "icon.svg"]) cpSync(`page/${file}`, `dist/public/${file}`);
// Only for this folder: alone, a .js file is such a module anyway.
writeFileSync("dist/package.json", '{ "type": "commonjs" }\n');
