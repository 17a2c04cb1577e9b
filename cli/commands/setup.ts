import type { CommandDefinition } from "../command-line/command";
import { setUpAll } from "../setup/set-up";

/** `./farm setup`. */
export const setup: CommandDefinition = {
  name: "setup",
  summary: "install and build what is missing, and nothing else",
  description:
    "Checks the configuration, installs packages, finds, downloads or builds Pulumi and its plugins, creates the Pulumi stack and its passphrase, and builds the images that the configuration asks for. './farm up' does the same before it builds the farm.",
  examples: [{ line: "./farm setup --stack lab", what: "prepare this machine for the farm of Pulumi.lab.yaml" }],
  async run(context) {
    await setUpAll(context);
  },
};
