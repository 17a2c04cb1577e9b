/**
 * Run by `./farm` where the hypervisor is, before Pulumi: what this machine and its libvirt cannot give is told as
 * every other problem of the configuration. Reads the checked configuration from
 * standard input; the argument is the stack.
 */
import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { promisify } from "node:util";
import { checkHost } from "../infra/config/host-check";
import { parseConfig } from "../stacks/config";
import { ConfigError, type Problem } from "../infra/config/problem";
import type { FarmConfig } from "../infra/config/schema";
import { parseJson } from "../infra/config/value";
import { hostFacts, runsHere } from "./check/host-facts";

/** A libvirt that is reached over a network may take a while; one that does not exist must not hold a person up. */
const connectMilliseconds = 20_000;

async function main(stack: string): Promise<void> {
  const config = parseConfig(parseJson(readFileSync(0, "utf8")));
  const problems = [
    ...(await unreachableHosts(config)),
    ...(runsHere(config) ? checkHost(config, hostFacts(stack)) : []),
  ];
  if (problems.length > 0) throw new ConfigError(problems);
}

async function unreachableHosts({ hosts }: FarmConfig): Promise<Problem[]> {
  const problems = await Promise.all(
    Object.entries(hosts).map(async ([name, { uri }]): Promise<Problem[]> => {
      try {
        await promisify(execFile)("virsh", ["-q", "-c", uri, "version"], { timeout: connectMilliseconds });
        return [];
      } catch (error) {
        const said =
          error instanceof Error
            ? (error.message.split("\n").findLast((line) => line.startsWith("error:")) ?? "no answer in 20 s")
            : "";
        return [
          {
            path: `hosts.${name}.uri`,
            message: `'${uri}' does not answer (${said}); check that libvirtd runs there and that you may use it`,
          },
        ];
      }
    }),
  );
  return problems.flat();
}

main(process.argv[2] ?? "dev").catch((error: unknown) => {
  console.error(error instanceof ConfigError ? error.message : error);
  process.exit(1);
});
