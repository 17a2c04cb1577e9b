/**
 * Run by `./farm setup`: the container images to build, a line `NAME<TAB>FOLDER` each; FOLDER is that of the recipe. Reads
 * the configuration as check-config.ts prints it from standard input.
 */
import { readFileSync } from "node:fs";
import { z } from "zod";
import { stacks } from "../stacks/index";
import { recipesOf } from "../stacks/plans";

const raw = z.record(z.string(), z.unknown()).parse(JSON.parse(readFileSync(0, "utf8")));
for (const { name, folder } of recipesOf(stacks, raw)) console.log(`${name}\t${folder}`);
