import { cpSync, mkdirSync, rmSync } from "node:fs";
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
  format: "esm",
  // Libraries in the older module format expect these to be there.
  banner: {
    js: `import{createRequire as __r}from"node:module";const require=__r(import.meta.url),__dirname=import.meta.dirname;`,
  },
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
cpSync("server/package.json", "dist/package.json");
