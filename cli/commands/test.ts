import type { CommandDefinition } from "../command-line/command";
import { loadConfiguration } from "../context/configuration";
import type { Context } from "../context/context";
import { EndedWith, FarmError } from "../base/errors";
import { decryptedConfiguration } from "../setup/check/configuration";
import { setUpBrowser, setUpPasta, setUpServer } from "../setup/packages";
import { runStep, setUpImages, setUpTools } from "../setup/set-up";
import { everyRun, isPart, parts, type Part } from "../test/parts";
import { Results } from "../test/results";

/** `./farm test`. */
export const test: CommandDefinition = {
  name: "test",
  summary: "run the tests, or one part of them",
  description:
    "Each check counts as one test; failures are repeated at the end, and the last line is the sum. The tests of 'live' and 'faults' build farms of their own on this machine.",
  arguments: [
    {
      syntax: "[part]",
      description: "unit, live or faults, which takes long; default: unit and live",
      words: Object.keys(parts),
    },
  ],
  examples: [
    { line: "./farm test unit", what: "all that needs no virtual machine" },
    { line: "./farm test live", what: "build farms and look at them" },
  ],
  async run(context, { arguments: [part] }) {
    const selected = partsOf(part);
    await setUpForTests(
      context,
      selected.some((each) => each !== "unit"),
    );
    const results = new Results((line) => {
      process.stdout.write(`${line}\n`);
    });
    // These Node options are for Pulumi's program alone.
    const environment = { ...context.environment, NODE_OPTIONS: process.env.NODE_OPTIONS };
    for (const each of selected) {
      await parts[each]({ context, environment, results });
      context.signal.throwIfAborted();
    }
    results.end();
    if (results.hasFailures) throw new EndedWith(1);
  },
};

/** @throws FarmError */
function partsOf(name: string | undefined): readonly Part[] {
  if (name === undefined) return everyRun;
  if (isPart(name)) return [name];
  throw new FarmError(`unknown part '${name}'; there are ${Object.keys(parts).join(", ")}`, 2);
}

/**
 * Installs what the tests need: everything that `up` needs, a browser, nginx, HAProxy, keepalived, valkey and restic. The tests create stacks of their own.
 *
 * @param withImages builds the images of farms that the tests create
 */
async function setUpForTests(context: Context, withImages: boolean): Promise<void> {
  const config = loadConfiguration(context);
  await setUpTools(context);
  await runStep(context, "pasta", setUpPasta);
  await runStep(context, "browser", setUpBrowser);
  await runStep(context, "nginx", (step) => setUpServer(step, "nginx"));
  await runStep(context, "haproxy", (step) => setUpServer(step, "haproxy"));
  await runStep(context, "keepalived", (step) => setUpServer(step, "keepalived"));
  await runStep(context, "valkey", (step) => setUpServer(step, "valkey"));
  await runStep(context, "restic", (step) => setUpServer(step, "restic"));
  if (withImages) await setUpImages(context, config ?? (await decryptedConfiguration(context)));
}
