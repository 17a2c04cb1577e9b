import { createRequire } from "node:module";
import type { CommandDefinition } from "../command-line/command";
import type { SetUp } from "./set-up";

const load = createRequire(__filename);

function setUp(): SetUp {
  return (load("./set-up-all") as typeof import("./set-up-all")).setUp;
}

/** Each command by name, loaded when it is asked for: `./farm ssh` would spend twice its time on the modules of all others. */
const loaders = {
  backup: () => (load("./backup") as typeof import("./backup")).backup,
  completion: () => (load("./completion") as typeof import("./completion")).completion,
  dashboards: () => (load("./dashboards") as typeof import("./dashboards")).dashboards,
  destroy: () => (load("./destroy") as typeof import("./destroy")).destroy,
  docker: () => (load("./docker") as typeof import("./docker")).docker,
  doctor: () => (load("./doctor") as typeof import("./doctor")).doctor,
  env: () => (load("./env") as typeof import("./env")).env,
  logs: () => (load("./logs") as typeof import("./logs")).logs,
  outputs: () => (load("./outputs") as typeof import("./outputs")).outputs,
  preview: () => (load("./preview") as typeof import("./preview")).preview(setUp()),
  pulumi: () => (load("./pulumi") as typeof import("./pulumi")).pulumi(setUp()),
  rebalance: () => (load("./rebalance") as typeof import("./rebalance")).rebalance,
  recover: () => (load("./recover") as typeof import("./recover")).recover,
  refresh: () => (load("./refresh") as typeof import("./refresh")).refresh(setUp()),
  restore: () => (load("./restore") as typeof import("./restore")).restore,
  run: () => (load("./run") as typeof import("./run")).run,
  secret: () => (load("./secret") as typeof import("./secret")).secret,
  setup: () => (load("./setup") as typeof import("./setup")).setup,
  ssh: () => (load("./ssh") as typeof import("./ssh")).ssh,
  stack: () => (load("./stack") as typeof import("./stack")).stack,
  support: () => (load("./support") as typeof import("./support")).support,
  test: () => (load("./test") as typeof import("./test")).test,
  up: () => (load("./up") as typeof import("./up")).up(setUp()),
  version: () => (load("./version") as typeof import("./version")).version,
} as const satisfies Readonly<Record<string, () => CommandDefinition>>;

/** Every command of `./farm`, by name. */
export function allCommands(): readonly CommandDefinition[] {
  return Object.values(loaders).map((command) => command());
}

/** The command that a command line names; all of them if it names none of them. */
export function commandsFor([name = ""]: readonly string[]): readonly CommandDefinition[] {
  return Object.hasOwn(loaders, name) ? [loaders[name as keyof typeof loaders]()] : allCommands();
}
