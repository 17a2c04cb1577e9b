import { bundleForNode } from "../bundle.mjs";

await bundleForNode("src/main.ts", "jobs.js");
