import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Step } from "./steps";

/** Writes a folder with each step's script, input and old identity, and a Makefile that runs them with `make -j`. */
export function writeScript(folder: string, steps: readonly Step[]): void {
  for (const name of ["steps", "ids", "out", "work", "times"])
    mkdirSync(join(folder, name), { recursive: true, mode: 0o700 });
  for (const { name, script, stdin, identity } of steps) {
    const write = (ending: string, content: string) => {
      writeFileSync(join(folder, "steps", `${name}.${ending}`), content, { mode: 0o600 });
    };
    write("sh", script);
    write("in", stdin);
    if (identity !== undefined) write("id", identity);
  }
  writeFileSync(join(folder, "Makefile"), makefile(steps));
}

/** Each step is a target of its name. */
export function makefile(steps: readonly Step[]): string {
  const rules = steps.map(({ name, after }) => `${[`${name}:`, ...after].join(" ")}\n\t@bash $(STEP) ${name}\n`);
  const names = steps.map(({ name }) => name).join(" ");
  return `.PHONY: all ${names}\nall: ${names}\n${rules.join("")}`;
}
