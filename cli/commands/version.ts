import type { CommandDefinition } from "../command-line/command";
import { print } from "../base/print";
import { versions } from "../show/versions";

/** `./farm version`. */
export const version: CommandDefinition = {
  name: "version",
  summary: "the versions of swarm-farm, Pulumi, its plugins and Node.js",
  async run(context) {
    const found = await versions(context);
    print(found.map(([name, text]) => `${name.padEnd(24)} ${text}`).join("\n"));
  },
};
