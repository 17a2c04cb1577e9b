import type { CommandDefinition } from "../command-line/command";
import { checkCapacity } from "../setup/check/capacity";
import { checkConfiguration, decryptedConfiguration } from "../setup/check/configuration";
import { checkHypervisors } from "../setup/check/hypervisors";
import { setUpAll } from "../setup/set-up";
import { backup } from "./backup";
import { completion } from "./completion";
import { destroy } from "./destroy";
import { docker } from "./docker";
import { doctor } from "./doctor";
import { env } from "./env";
import { outputs } from "./outputs";
import { preview } from "./preview";
import { pulumi } from "./pulumi";
import { rebalance } from "./rebalance";
import { recover } from "./recover";
import { refresh } from "./refresh";
import { restore } from "./restore";
import { run } from "./run";
import { secret } from "./secret";
import type { SetUp } from "./set-up";
import { setup } from "./setup";
import { ssh } from "./ssh";
import { stack } from "./stack";
import { support } from "./support";
import { test } from "./test";
import { up } from "./up";
import { version } from "./version";

const setUp: SetUp = {
  all: setUpAll,
  configuration: checkConfiguration,
  decrypted: decryptedConfiguration,
  hypervisors: checkHypervisors,
  capacity: checkCapacity,
};

/** Every command of `./farm`, by name. */
export const commands: readonly CommandDefinition[] = [
  backup,
  completion,
  destroy,
  docker,
  doctor,
  env,
  outputs,
  preview(setUp),
  pulumi(setUp),
  rebalance,
  recover,
  refresh(setUp),
  restore,
  run,
  secret,
  setup,
  ssh,
  stack,
  support,
  test,
  up(setUp),
  version,
];
