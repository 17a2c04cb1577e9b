import type { FarmConfig } from "../../infra/config/schema";
import type { CommandOption, Invocation } from "../command-line/command";
import type { Context } from "../context/context";
import { EndedWith, FarmError } from "../base/errors";
import { setUpHypervisor } from "../hypervisor/set-up";
import { checkManagers } from "../nodes/managers";
import { nodesWithFiles, writeSshFiles } from "../nodes/ssh-files";
import type { Copying } from "../setup/copies/set-up";

/** The functions of cli/setup that commands use. */
export interface SetUp {
  /** Installs, builds and copies everything that a farm needs on this machine, and returns the configuration. */
  all(context: Context, copying: Copying): Promise<FarmConfig>;
  /** Checks the configuration without changes; undefined if it cannot be read without Pulumi. */
  configuration(context: Context): Promise<FarmConfig | undefined>;
  /** The configuration with encrypted values, which Pulumi decrypts. */
  decrypted(context: Context): Promise<FarmConfig>;
  /** Checks that every libvirt answers, and that the farm fits. */
  hypervisors(context: Context, config: FarmConfig): Promise<void>;
  /** Checks that the uploads of an update fit into every pool. */
  capacity(context: Context, config: FarmConfig): Promise<void>;
}

/** The checked configuration, decrypted by Pulumi if necessary. */
export async function configurationOf(setUp: SetUp, context: Context): Promise<FarmConfig> {
  return (await setUp.configuration(context)) ?? (await setUp.decrypted(context));
}

/** The steps before a preview or an update: tools and images, the hypervisor, ssh files, and whether the managers can change. */
export async function prepare(setUp: SetUp, context: Context, copying: Copying): Promise<FarmConfig> {
  const config = await setUp.all(context, copying);
  await prepareHypervisor(setUp, context, config);
  checkManagers(context, config.nodes);
  return config;
}

/** The hypervisor, checked, and the ssh files of the nodes. */
export async function prepareHypervisor(setUp: SetUp, context: Context, config: FarmConfig): Promise<void> {
  await context.report.step("hypervisor", (progress) =>
    setUpHypervisor(context, progress, () => setUp.hypervisors(context, config)),
  );
  await writeSshFiles(context);
}

/** Of `up` and `preview`. */
export const acceptDataLoss: CommandOption = {
  flags: "--accept-data-loss <node>",
  description: "let 'up' delete the disk of that node with the volumes on it",
  repeatable: true,
};

/** The nodes of `--accept-data-loss`. @throws FarmError for an unknown one */
export function acceptedNodes(
  context: Pick<Context, "folders">,
  { acceptDataLoss: nodes = [] }: Invocation["options"],
): string[] {
  const accepted = [nodes].flat().map(String);
  const known = nodesWithFiles(context);
  const unknown = accepted.find((node) => !known.includes(node));
  if (unknown !== undefined)
    throw new FarmError(`--accept-data-loss '${unknown}': there is no such node; there are: ${known.join(", ")}`);
  return accepted;
}

/** Ends the command with Pulumi's status; Pulumi has printed the reason. @throws EndedWith */
export function endWith(status: number): void {
  if (status !== 0) throw new EndedWith(status);
}
