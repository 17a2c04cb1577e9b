import type { Folders } from "../../infra/config/folders";
import type { Reporter } from "../report/reporter";

/** The context of a command: read once from the command line and the environment, and passed to everything it calls. */
export interface Context {
  /** The stack's name, which names the farm: `--stack`, else PULUMI_STACK, else `dev`. */
  readonly stack: string;
  /** The folder of Pulumi.yaml and Pulumi.STACK.yaml. */
  readonly repository: string;
  readonly folders: Folders;
  /** The environment of this process, with the variables that Pulumi needs: PATH with the tools, backend, passphrase. */
  readonly environment: Readonly<Partial<Record<string, string>>>;
  /** A new farm gets an isolated libvirt even if the system's answers: `--isolated`, FARM_ISOLATED. */
  readonly isolated: boolean;
  /** Whether standard input and output are a terminal, so that commands can ask. */
  readonly interactive: boolean;
  readonly report: Reporter;
  /** Aborted by Ctrl-C: long waits end, and the command says what to do next. */
  readonly signal: AbortSignal;
}
