import type { Folders } from "../../infra/config/folders";
import type { Reporter } from "../report/reporter";

/** What a command works with: read once from the command line and the environment, handed to all that it calls. */
export interface Context {
  /** The stack's name, which names the farm: `--stack`, else PULUMI_STACK, else `dev`. */
  readonly stack: string;
  /** The folder of Pulumi.yaml and Pulumi.STACK.yaml. */
  readonly repository: string;
  readonly folders: Folders;
  /** The environment of this process with what Pulumi needs: PATH with the tools, backend, passphrase. */
  readonly environment: Readonly<Partial<Record<string, string>>>;
  /** A new farm has a libvirt of its own even where the system's answers: `--isolated`, FARM_ISOLATED. */
  readonly isolated: boolean;
  /** Questions can be asked: standard input and output are a terminal. */
  readonly interactive: boolean;
  readonly report: Reporter;
  /** Aborted by Ctrl-C: long waits end, and the command says what to do next. */
  readonly signal: AbortSignal;
}
