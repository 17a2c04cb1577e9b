import { shellQuote } from "../../infra/remote/shell";
import type { CommandDefinition } from "../command-line/command";
import { shimFolder } from "../context/environment";
import { print } from "../base/print";

/** Variables that plain `pulumi` needs, if they are set. */
const variables = [
  "PULUMI_STACK",
  "PULUMI_HOME",
  "PULUMI_CREDENTIALS_PATH",
  "PULUMI_SKIP_UPDATE_CHECK",
  "PULUMI_BACKEND_URL",
  "PULUMI_CONFIG_PASSPHRASE_FILE",
] as const;

/** `./farm env`. */
export const env: CommandDefinition = {
  name: "env",
  summary: "for eval: with it plain 'pulumi' works on the farm",
  description:
    "Commands for bash, zsh and other POSIX shells. `pulumi` is then `./farm pulumi` in that shell; in the folder of another " +
    "Pulumi program it is Pulumi alone.",
  examples: [{ line: 'eval "$(./farm env)" && pulumi preview', what: "Pulumi as you know it" }],
  run({ environment, repository }) {
    const path = [shimFolder(repository), environment.PATH ?? ""].join(":");
    const set = variables.flatMap((name) => {
      const value = environment[name];
      return value === undefined || value === "" ? [] : [[name, value] as const];
    });
    print([["PATH", path] as const, ...set].map(([name, value]) => `export ${name}=${shellQuote(value)}`).join("\n"));
    return Promise.resolve();
  },
};
