/**
 * Run by `./farm` before anything else: checks a stack's configuration as the program does, without Pulumi, and touches
 * nothing.
 *
 *   check-config.ts FOLDER STACK [--networks]  ends with 1 and every problem at once if something is wrong; --networks
 *                                              where the farm's network is to be beside those that this machine has
 *   check-config.ts FOLDER STACK --unchecked   for commands that must work with a wrong configuration, e.g. `destroy`
 *
 * Prints the configuration as JSON, keys without the project's name. FOLDER has `Pulumi.<stack>.yaml`; paths in it are
 * relative to that folder.
 */
import { checkHost } from "../infra/config/host-check";
import { ConfigError } from "../infra/config/problem";
import { readStackFile, StackFileError, type StackFile } from "../infra/config/stack-file";
import { foldersWithoutStack, StackError } from "../stacks/catalog";
import { checkAll } from "../stacks/config";
import { stacks } from "../stacks/index";
import { hostFacts, runsHere } from "./check/host-facts";

function main([folder = "", stack = "", mode = ""]: readonly string[]): void {
  const missing = foldersWithoutStack(stacks);
  if (missing.length > 0) throw new StackError(missing.join("\n"));
  const file = readStackFile(folder, stack);
  if (mode !== "--unchecked" && file.isWhole) check(file, folder, stack, mode === "--networks");
  console.log(JSON.stringify(file.raw));
}

/** What is encrypted is for the program to check, which is given its value. */
function check({ raw, secrets }: StackFile, folder: string, stack: string, withNetworks: boolean): void {
  try {
    const { config } = checkAll(raw, folder);
    const facts = hostFacts(stack);
    const problems = runsHere(config) ? checkHost(config, withNetworks ? facts : { ...facts, networks: [] }) : [];
    if (problems.length > 0) throw new ConfigError(problems);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    const known = error.problems.filter(
      ({ path }) => !secrets.some((secret) => path === secret || path.startsWith(`${secret}.`)),
    );
    if (known.length > 0) throw new ConfigError(known);
  }
}

/** What a person mends, in contrast to a fault of this program. */
function isMistake(error: unknown): error is Error {
  return error instanceof ConfigError || error instanceof StackFileError || error instanceof StackError;
}

try {
  main(process.argv.slice(2));
} catch (error) {
  console.error(isMistake(error) ? error.message : error);
  process.exit(1);
}
