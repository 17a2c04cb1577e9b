import type { CommandDefinition } from "../command-line/command";
import { FarmError } from "../base/errors";
import { print } from "../base/print";
import { resourcesOf } from "../pulumi/answer";
import { loginsOf } from "../secrets/logins";

/** `./farm secret`. */
export const secret: CommandDefinition = {
  name: "secret",
  summary: "a user's password: the load balancer's, the registry's, a database's",
  arguments: [{ syntax: "<user>", description: "a user; an unknown one lists all" }],
  examples: [{ line: "./farm secret admin", what: "prints the password, and nothing else" }],
  async run(context, { arguments: [user = ""] }) {
    const logins = loginsOf(await resourcesOf(context, { showSecrets: true }));
    const password = logins.get(user);
    if (password === undefined)
      throw new FarmError(`there is no user '${user}'; there are: ${[...logins.keys()].join(", ") || "none"}`);
    print(password);
  },
};
