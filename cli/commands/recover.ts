import type { CommandDefinition } from "../command-line/command";
import { recover as recoverSwarm } from "../recover/recover";

/** `./farm recover`. */
export const recover: CommandDefinition = {
  name: "recover",
  summary: "go on with one manager when the quorum is lost or certificates have expired",
  description:
    "One manager that is left leads the same swarm, with every service, secret, config and volume; './farm up --refresh' then lets the other nodes join it and recreates the lost ones. VMs and disks of managers that do not answer are removed, since they could come back as a second swarm: if they are only off, start them first. Of several managers whose certificates have expired, the one with the newest raft log goes on. The command says what it will do, and asks.",
  options: [
    { flags: "-y, --yes", description: "do not ask" },
    {
      flags: "--lost-host <host>",
      description: "a hypervisor of the configuration that is gone for good, with the managers on it",
      repeatable: true,
    },
  ],
  examples: [
    { line: "./farm recover", what: "go on with a manager that is left" },
    {
      line: "./farm recover --lost-host kvm2",
      what: "hypervisor 'kvm2' is gone, with managers on it",
    },
  ],
  async run(context, { options }) {
    const hosts = options.lostHost;
    const lostHosts = Array.isArray(hosts) ? hosts.map(String) : [];
    await recoverSwarm(context, { yes: options.yes === true, lostHosts });
  },
};
