import { homedir } from "node:os";
import { join } from "node:path";

/** Folders of the machine that runs Pulumi, as the XDG base directories have them. */
export interface Folders {
  /** Tools and images, which can be built again. */
  readonly cache: string;
  /** Logs of the last steps and programs of this farm; below the cache, since they outlive the farm. */
  readonly logs: string;
  /** The passphrase and the key that images are signed with. */
  readonly config: string;
  /** Files of all farms of this machine: Pulumi's state, backups. */
  readonly farms: string;
  /** Files of this farm: ssh files, its libvirt. */
  readonly state: string;
}

type Environment = Readonly<Partial<Record<string, string>>>;

/**
 * @param farm the stack's name
 * @param environment XDG_CACHE_HOME, XDG_CONFIG_HOME and XDG_STATE_HOME are read from it; an empty value counts as unset
 */
export function foldersOf(farm: string, environment: Environment): Folders {
  const set = (variable: string) => (environment[variable] === "" ? undefined : environment[variable]);
  const home = set("HOME") ?? homedir();
  const of = (variable: string, ...standard: readonly string[]) =>
    join(set(variable) ?? join(home, ...standard), "swarm-farm");
  const cache = of("XDG_CACHE_HOME", ".cache");
  const farms = of("XDG_STATE_HOME", ".local", "state");
  return {
    cache,
    logs: join(cache, "logs", farm),
    config: of("XDG_CONFIG_HOME", ".config"),
    farms,
    state: join(farms, farm),
  };
}
