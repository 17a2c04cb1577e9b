import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { shellQuote } from "./shell";

/** The variables that each script of a folder needs, by the script's file name. */
type Variables = Readonly<Record<string, readonly string[]>>;

/** A folder of shell scripts. Called with a file's name and its variables it returns the text to run. */
export interface Scripts<T extends Variables> {
  <File extends keyof T & string>(file: File, values: Readonly<Record<T[File][number], string | number>>): string;
  readonly folder: string;
  readonly variables: T;
}

/**
 * Declares the scripts of a folder. Each is a file that shellcheck and shfmt check; `scripts("drain.sh", { NODE: "worker1" })`
 * is its text after its variables as quoted assignments. A missing or unknown variable does not compile.
 *
 * A script's header lists its variables, each as `#   NAME  what it is`; with a `$` before the name, one that comes from the
 * script's environment instead. Secrets are neither: they are read from standard input. A line `. lib/wait.sh` stands for
 * the text of that file.
 *
 * @param variables the assigned variables of each script, by its file name
 */
export function scriptsIn<const T extends Variables>(folder: string, variables: T): Scripts<T> {
  const script = (file: string, values: Readonly<Record<string, string | number>>) => {
    const assignments = Object.entries(values).map(([name, value]) => `${name}=${shellQuote(String(value))}`);
    return [...assignments, scriptText(join(folder, file))].join("\n");
  };
  return Object.assign(script, { folder, variables });
}

/** A script's text without comments, so that an edited comment changes no resource. */
export function scriptText(path: string): string {
  const text = readFileSync(path, "utf8")
    .replaceAll(/^[ \t]*(#.*)?\n/gm, "")
    .replaceAll(/^[ \t]*\. (\S+\.sh)$/gm, (_, included: string) => scriptText(join(dirname(path), included)));
  return text.trim();
}
