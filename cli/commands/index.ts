import type { CommandDefinition } from "../command";
import { completion } from "./completion";
import { docker } from "./docker";
import { env } from "./env";
import { legacy } from "./legacy";
import { outputs } from "./outputs";
import { run } from "./run";
import { secret } from "./secret";
import { ssh } from "./ssh";
import { support } from "./support";
import { version } from "./version";

const ported: readonly CommandDefinition[] = [completion, docker, env, outputs, run, secret, ssh, support, version];

/** Every command of `./farm`, by name. A ported one hides its entry in `legacy`. */
export const commands: readonly CommandDefinition[] = [
  ...ported,
  ...legacy.filter(({ name }) => !ported.some((command) => command.name === name)),
].sort((a, b) => a.name.localeCompare(b.name));
