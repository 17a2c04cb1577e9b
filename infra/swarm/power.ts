import * as command from "@pulumi/command";
import type * as pulumi from "@pulumi/pulumi";
import type { FarmNode } from "../libvirt/farm";
import { script, shellQuote } from "../remote/shell";
import type { SshClient } from "../remote/ssh-files";

/** Time for a node under software emulation, four at once on two cores, to come up. */
const bootSeconds = 600;

/** Time for Docker to stop its containers, which it gives 10 s each unless a service says otherwise, and for its data to be written. */
const settleSeconds = 90;

/** Lines of a console that are shown: what a kernel or an init says last. */
const consoleLines = 15;

/** Time for one try. */
const dialSeconds = 10;

/**
 * Waits until a new machine lets in whom it should, and brings it to rest before it is switched off while its disk stays,
 * e.g. for more memory: libvirt pulls the plug, and what was written in the last half minute would be lost.
 */
export function power(node: FarmNode, client: SshClient, parent: pulumi.Resource): pulumi.Resource {
  const { name } = node.plan;
  const ssh = client.call(name, ["-o", `ConnectTimeout=${String(dialSeconds)}`]);
  return new command.local.Command(
    `${name}-power`,
    {
      create: bootScript(ssh, name, node.vm.consoleLog, bootSeconds),
      // A node that is dead is not waited for.
      delete: `timeout ${String(settleSeconds)} ${ssh} 'systemctl stop docker.socket docker.service containerd.service; sync' || true`,
      triggers: [node.vm.domain.id],
      logging: "none",
    },
    {
      parent,
      dependsOn: client,
      // A disk that goes too has nothing left to lose.
      deletedWith: node.vm.disk,
      deleteBeforeReplace: true,
      // Its name in farms of before: taken for another's, it would be deleted, and Docker stopped on every node.
      aliases: [{ name: `${name}-settle` }],
    },
  );
}

/**
 * Where Pulumi runs: waits for a node to answer ssh under its own key; tells what its console said last where it does not.
 *
 * @param ssh        shell text that runs what follows it on the node
 * @param consoleLog a file of the hypervisor, shown where that is this machine
 * @param seconds    for how long at the most
 */
export function bootScript(ssh: string, node: string, consoleLog: string, seconds: number): string {
  return script(
    "fail() {",
    `  echo "$1" >&2`,
    `  if [ -r ${shellQuote(consoleLog)} ]; then`,
    `    echo ${shellQuote(`  its console said last (${consoleLog}):`)} >&2`,
    `    tail -n ${String(consoleLines)} ${shellQuote(consoleLog)} | tr -d '\\r\\033' | sed 's/^/    /' >&2`,
    "  else",
    `    echo ${shellQuote(`  its console is written to ${consoleLog} on its hypervisor`)} >&2`,
    "  fi",
    "  exit 1",
    "}",
    `deadline=$(( $(date +%s) + ${String(seconds)} ))`,
    `until said=$(${ssh} true 2>&1); do`,
    "  case $said in",
    `    *"Host key verification failed"*) fail ${shellQuote(`${node} answers ssh with another key than its own: another machine has its address`)} ;;`,
    "  esac",
    `  [ "$(date +%s)" -lt "$deadline" ] || fail ${shellQuote(`waited ${String(seconds)} s for ${node} to answer ssh: `)}"$(printf %s "$said" | tail -n 1)"`,
    "  sleep 2",
    "done",
  );
}
