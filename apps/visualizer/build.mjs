import { cpSync, mkdirSync } from "node:fs";
import { build } from "esbuild";
import { bundleForNode } from "../bundle.mjs";

await bundleForNode("server/main.ts", "server.js");
mkdirSync("dist/public");

await build({
  entryPoints: ["page/app.tsx", "page/app.css"],
  outdir: "dist/public",
  bundle: true,
  // What draws graphs is loaded with the first of them.
  splitting: true,
  minify: true,
  target: ["chrome120", "firefox121", "safari17.2"],
  format: "esm",
  jsx: "automatic",
  jsxImportSource: "preact",
  legalComments: "none",
});

for (const file of ["index.html", "icon.svg"]) cpSync(`page/${file}`, `dist/public/${file}`);
