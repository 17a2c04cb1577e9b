import type { CommandDefinition } from "../command-line/command";
import { inFarm } from "../hypervisor/enter";
import { handOver } from "../process/hand-over";

/** `./farm run`. */
export const run: CommandDefinition = {
  name: "run",
  summary: "a command where the farm's libvirt and addresses are",
  arguments: [
    { syntax: "<command>", description: "a program of this machine" },
    { syntax: "[args...]", description: "its arguments" },
  ],
  passesOn: true,
  examples: [
    { line: "./farm run -- curl -s http://10.77.0.11:8080", what: "a node's address, from this machine" },
    { line: "./farm run -- virsh list", what: "the farm's virtual machines" },
  ],
  async run(context, { arguments: [program = "", ...args] }) {
    await handOver(inFarm(context, [program, ...args]), { env: context.environment });
  },
};
