import { readFileSync } from "node:fs";
import { join } from "node:path";
import { ConfigError } from "../../infra/config/problem";
import { readStackFile, type StackFile } from "../../infra/config/stack-file";
import { checkAll } from "../../stacks/config";
import type { Context } from "../context/context";
import { readableProblems, refused } from "../context/configuration";
import type { CommandDefinition } from "../command-line/command";
import { FarmError } from "../base/errors";
import { replaceFile } from "../base/files";
import { print } from "../base/print";
import { candidateOf, entriesOf, labelsIn, type Request } from "../stack/candidate";
import { withEntry, withoutEntry } from "../stack/entry";
import { listOf } from "../stack/list";
import { reportOf } from "../stack/report";

/** `./farm stack`. */
export const stack: CommandDefinition = {
  name: "stack",
  summary: "add an application from a compose file, remove it, or list all",
  description:
    "`add` reads the files, reports what they need, and writes the entry `swarm-farm:stacks` into the configuration; for a stack " +
    "that is there it changes what the command line names. Where anything is refused it writes nothing. `remove` removes the " +
    "entry: the next up removes the services, and volumes stay on their nodes. `list` shows the services of all entries. None of " +
    "them touches the farm: `./farm docker stack ps NAME` asks it for the tasks.",
  arguments: [
    { syntax: "<action>", description: "add, remove or list", words: ["add", "remove", "list"] },
    { syntax: "[name]", description: "the stack's name, for add and remove" },
    { syntax: "[files...]", description: "compose files that merge in order" },
  ],
  options: [
    { flags: "--variable <name=value>", description: "a variable of the files", repeatable: true },
    {
      flags: "--route <name=service:port>",
      description: "a route of the load balancer to a service",
      repeatable: true,
    },
    { flags: "--profile <name>", description: "include services of this profile", repeatable: true },
    {
      flags: "--folder <path=volume>",
      description:
        "a volume in place of a relative folder of the files; default: one for each that is missing or empty",
      repeatable: true,
    },
    { flags: "--dry-run", description: "report, and write nothing" },
  ],
  examples: [
    { line: "./farm stack add shop apps/shop/compose.yaml --dry-run", what: "what becomes of a compose file" },
    {
      line: "./farm stack add shop apps/shop/compose.yaml --route shop=web:8080",
      what: "adds it; ./farm preview then shows what is created",
    },
    { line: "./farm stack remove shop", what: "removes it from the configuration" },
    { line: "./farm stack list", what: "each service with its image, tasks, ports and routes" },
  ],
  run(context, { arguments: [action = "", name = "", ...files], options }) {
    const given = (option: string) => (options[option] as readonly string[] | undefined) ?? [];
    const dryRun = options.dryRun === true;
    if (name === "" && ["add", "remove"].includes(action))
      throw new FarmError(`name the stack: ./farm stack ${action} NAME${action === "add" ? " FILE" : ""}`);
    if (action === "add") {
      const [variables, routes] = [given("variable"), given("route")];
      const request = { name, files, variables, routes, profiles: given("profile"), folders: given("folder") };
      add(context, request, dryRun);
    } else if (action === "remove") remove(context, name, dryRun);
    else if (action === "list") list(context, [name, ...files].filter(Boolean));
    else throw new FarmError(`there is no './farm stack ${action}'; there are: add, remove, list`);
    return Promise.resolve();
  },
};

function add(context: Context, request: Request, dryRun: boolean): void {
  const { repository, stack: farm } = context;
  const present = refused(() => readStackFile(repository, farm));
  const candidate = candidateOf(request, { repository, ...present });
  print(reportOf(candidate, labelsIn(present.raw)).join("\n"));
  const { name, entry, whole } = candidate;
  const stacks = { ...entriesOf(present.raw), [name]: whole };
  refused(() => {
    checkWhole({ ...present, raw: { ...present.raw, stacks } }, repository);
  });
  if (dryRun) return;
  const file = join(repository, `Pulumi.${farm}.yaml`);
  replaceFile(file, withEntry(readFileSync(file, "utf8"), name, entry));
  context.report.say(`Pulumi.${farm}.yaml has the stack '${name}'; next: ./farm preview`);
}

/** Reports what the program will of the whole configuration: ports, routes and names of other stacks too. */
function checkWhole(file: StackFile, repository: string): void {
  try {
    checkAll(file.raw, repository, file.secrets);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    // An environment of Pulumi ESC has other keys, which only Pulumi reads.
    const known = readableProblems(file, error.problems).filter(
      ({ path }) => file.isWhole || path.startsWith("stacks."),
    );
    if (known.length > 0) throw new ConfigError(known);
  }
}

function list({ repository, stack: farm }: Context, others: readonly string[]): void {
  if (others.length > 0) throw new FarmError(`./farm stack list takes no name: remove '${others.join(" ")}'`);
  const present = refused(() => readStackFile(repository, farm));
  print(listOf({ repository, ...present }, process.stdout.columns).join("\n"));
}

function remove({ repository, stack: farm, report }: Context, name: string, dryRun: boolean): void {
  const names = Object.keys(entriesOf(refused(() => readStackFile(repository, farm)).raw));
  if (!names.includes(name))
    throw new FarmError(`there is no stack '${name}' in Pulumi.${farm}.yaml; there are: ${names.join(", ") || "none"}`);
  if (dryRun) return;
  const file = join(repository, `Pulumi.${farm}.yaml`);
  replaceFile(file, withoutEntry(readFileSync(file, "utf8"), name));
  report.say(
    `Pulumi.${farm}.yaml has no stack '${name}'; the next ./farm up removes its services, and its volumes stay`,
  );
}
