import type { CommandDefinition } from "../command-line/command";
import { print } from "../base/print";
import { outputsOf } from "../pulumi/outputs";
import { farmPage } from "../show/farm-page";

/** `./farm outputs`. */
export const outputs: CommandDefinition = {
  name: "outputs",
  summary: "nodes and URLs",
  description: "As the last update left them. `./farm doctor` asks the farm itself.",
  options: [{ flags: "--json", description: "as JSON, with every output that is no secret" }],
  examples: [{ line: "./farm outputs --json | jq -r '.urls.hello'", what: "the URL of one service" }],
  async run(context, { options }) {
    const { sshFiles, logins, ...all } = await outputsOf(context);
    if (options.json === true) print(JSON.stringify(all, undefined, 2));
    else print(farmPage(context, all, process.stdout.columns).join("\n"));
  },
};
