import { join } from "node:path";
import type { CommandDefinition, CommandOption } from "../command";
import { withPreload } from "../environment";
import { handOver } from "../process/hand-over";

const pulumiArguments = { syntax: "[pulumi...]", description: "Pulumi's own, e.g. --diff" };
const yes: CommandOption = { flags: "--yes", description: "asks nothing" };

/** Commands that are still bash (setup/legacy): it reads the command line itself, as it was typed. */
export const legacy: readonly CommandDefinition[] = (
  [
    ["up", "install what is missing, then build or update the farm", { pulumi: true, options: [acceptDataLoss()] }],
    ["preview", "show what 'up' would change", { pulumi: true, options: [acceptDataLoss(), markdown()] }],
    ["refresh", "compare the state with what is really there", { pulumi: true }],
    ["destroy", "remove the farm: nothing is left", { pulumi: true }],
    ["pulumi", "plain Pulumi, where the hypervisor is", { passesOn: true }],
    ["setup", "only install and build what is missing", {}],
    ["test", "the tests, or one part of them: unit, live, faults", { passesOn: true }],
    ["doctor", "what is not as the last 'up' left it", {}],
    [
      "recover",
      "when most managers are lost, or certificates have expired: go on with one",
      { options: [yes, lostHost()] },
    ],
    ["rebalance", "spread tasks again, now", { rest: "[services...]", options: [dryRun()] }],
    ["backup", "the swarm's state and the database in one encrypted file", { rest: "[file]" }],
    ["restore", "the swarm, where its managers are lost, or mysql", { rest: "<file> [part]", options: [yes, from()] }],
  ] as const
).map(([name, summary, details]) => definition(name, summary, details));

interface Details {
  readonly pulumi?: boolean;
  readonly passesOn?: boolean;
  readonly rest?: string;
  readonly options?: readonly CommandOption[];
}

function definition(name: string, summary: string, { pulumi, passesOn, rest, options }: Details): CommandDefinition {
  const others = (rest ?? (passesOn === true ? "[args...]" : "")).split(" ").filter((syntax) => syntax !== "");
  return {
    name,
    summary,
    arguments: pulumi === true ? [pulumiArguments] : others.map((syntax) => ({ syntax, description: "" })),
    ...(options ? { options } : {}),
    passesOn: passesOn ?? false,
    passesOptionsOn: pulumi ?? false,
    async run({ repository, environment }) {
      await handOver([join(repository, "setup", "legacy"), ...process.argv.slice(2)], {
        env: { NODE_OPTIONS: withPreload(environment.NODE_OPTIONS ?? "", repository) },
      });
    },
  };
}

function acceptDataLoss(): CommandOption {
  return {
    flags: "--accept-data-loss <node>",
    description: "lets 'up' delete that node's disk with the volumes on it",
    repeatable: true,
  };
}

function markdown(): CommandOption {
  return { flags: "--markdown <file>", description: "also writes it in Markdown, for a pull request" };
}

function lostHost(): CommandOption {
  return { flags: "--lost-host <host>", description: "a hypervisor that is gone for good", repeatable: true };
}

function dryRun(): CommandOption {
  return { flags: "--dry-run", description: "only says what it would do" };
}

function from(): CommandOption {
  return { flags: "--from <stack>", description: "the stack that the backup is of" };
}
