/** CPU and memory of a farm at rest, by node and program: `tsx main.ts [--stack NAME] [--seconds S]`. The farm is up, and nobody asks it. */
import { readFileSync } from "node:fs";
import { loadavg } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { useOf } from "../process";
import { virtualMachines } from "../qemu";
import { RunningFarm } from "../running-farm";
import { parseReadings } from "./reading";
import { hostShare, table, type Node } from "./table";

const { values: options } = parseArgs({
  options: {
    stack: { type: "string", default: process.env.PULUMI_STACK ?? "dev" },
    /** Of the interval; health checks come each minute. */
    seconds: { type: "string", default: "300" },
    /** Stacks of services that the farm runs for others. */
    applications: { type: "string", default: "hello,lamp" },
  },
});

const farm = new RunningFarm(join(__dirname, "..", "..", "farm"), options.stack);

/** Of the last readings, on a busy node. */
const graceSeconds = 60;

async function main(): Promise<void> {
  const { nodes } = await farm.outputs();
  const found = await Promise.all(nodes.map(({ name }) => watched(name)));
  const applications = options.applications.split(",");
  process.stdout.write(`${table(found, (service) => !applications.includes(service.split(/[-_]/)[0] ?? ""))}\n`);
  const share = (hostShare(found) * 100).toFixed(0);
  process.stdout.write(
    `\nQEMU together ${share} % of a processor, over ${options.seconds} s; load average ${(loadavg()[0] ?? NaN).toFixed(1)}\n`,
  );
}

async function watched(name: string): Promise<Node> {
  const pid = qemuOf(name);
  const before = { at: Date.now(), cpu: useOf(pid).cpuSeconds };
  const script = readFileSync(join(__dirname, "sample.sh"), "utf8");
  const timeout = Number(options.seconds) + graceSeconds;
  const readings = parseReadings(await farm.onNode(name, `sh -s ${options.seconds}`, script, timeout));
  const seconds = (Date.now() - before.at) / 1000;
  return { name, readings, seconds, qemuSeconds: useOf(pid).cpuSeconds - before.cpu };
}

/** The process of a node's VM. @throws Error if this machine has none */
function qemuOf(node: string): number {
  const name = `${options.stack}.${node}`;
  const pid = virtualMachines().get(name);
  if (pid === undefined) throw new Error(`no QEMU of the VM '${name}' runs on this machine`);
  return pid;
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
