import * as command from "@pulumi/command";
import type * as pulumi from "@pulumi/pulumi";
import type { FarmNode } from "../libvirt/farm";
import type { Place } from "../libvirt/vm";
import { patience, script, shellQuote } from "../remote/shell";
import type { SshClient } from "../remote/ssh-files";
import { consoleTail } from "./console";
import { dockerWait } from "./scripts";

/** Time for a node under software emulation, four at once on two cores, to come up. */
const bootSeconds = 600;

/** Time for Docker to stop its containers, which it gives 10 s each unless a service says otherwise, and for its data to be written. */
const settleSeconds = 90;

/** Time for one try. */
const dialSeconds = 10;

/**
 * Waits until a new machine lets in whom it should and its Docker answers, and brings it to rest before it is switched off
 * while its disk stays, e.g. for more memory: libvirt pulls the plug, and what was written in the last half minute would be
 * lost.
 */
export function power(node: FarmNode, client: SshClient, parent: pulumi.Resource): pulumi.Resource {
  const { name } = node.plan;
  const ssh = client.call(name, ["-o", `ConnectTimeout=${String(dialSeconds)}`]);
  return new command.local.Command(
    `${name}-power`,
    {
      create: bootScript(ssh, { name, ...node.vm.place }, bootSeconds),
      delete: node.vm.domain.id.apply((id) => restScript(ssh, node.vm.place, id)),
      triggers: [node.vm.domain.id],
      logging: "none",
    },
    {
      parent,
      dependsOn: client.reaching(name),
      // A disk that goes too has nothing left to lose.
      deletedWith: node.vm.disk,
      deleteBeforeReplace: true,
      // Its name in farms of before: taken for another's, it would be deleted, and Docker stopped on every node.
      aliases: [{ name: `${name}-settle` }],
    },
  );
}

/**
 * Where Pulumi runs: brings a machine to rest, and waits for none that is dead.
 *
 * Where a machine was lost, another of its name and key may run by the time at which this is undone: that one goes on.
 *
 * @param id the machine's UUID
 */
export function restScript(ssh: string, { uri, domain }: Pick<Place, "uri" | "domain">, id: string): string {
  return script(
    `[ "$(${virshAt(uri)} domuuid ${domain} 2>/dev/null)" = ${id} ] || exit 0`,
    `timeout ${String(settleSeconds)} ${ssh} 'systemctl stop docker.socket docker.service containerd.service; sync' || true`,
  );
}

/** Shell text that asks one hypervisor. */
function virshAt(uri: string): string {
  return `virsh -q -c ${shellQuote(uri)}`;
}

interface Machine extends Place {
  /** The node's. */
  readonly name: string;
}

/**
 * Where Pulumi runs: waits for a node to answer ssh under its own key, and for its Docker; tells what its console said
 * last where one of them does not.
 *
 * A machine that cannot write to its disk because the pool is full is stopped by QEMU, in the middle of what it wrote: it
 * goes on there once there is room. It is told apart from one that is only slow, and so is one that was switched off.
 *
 * @param ssh     shell text that runs what follows it on the node
 * @param seconds for how long at the most, for each of both
 */
export function bootScript(ssh: string, machine: Machine, seconds: number): string {
  const { name, host, uri, domain, poolPath, consoleLog } = machine;
  const virsh = virshAt(uri);
  return script(
    `halted() { state=$(${virsh} domstate --reason ${domain} 2>/dev/null) || return 1; case $state in *"I/O error"* | "shut off"*) ;; *) return 1 ;; esac; }`,
    "tell() {",
    "  if halted; then",
    "    case $state in",
    `      *"I/O error"*) echo ${shellQuote(`  its machine stands still, its disk cannot grow: ${poolPath} on host ${host} (${uri}) is full; make room there, then ./farm up`)} ;;`,
    `      *) echo "  its machine is '$state'; ./farm up starts it again" ;;`,
    "    esac >&2",
    "  fi",
    consoleTail(consoleLog),
    "}",
    'fail() { echo "$1" >&2; tell; exit 1; }',
    `if halted; then ${virsh} resume ${domain} >/dev/null 2>&1 || ${virsh} start ${domain} >/dev/null; fi`,
    `limit=${patience(seconds)}`,
    "started=$(date +%s)",
    `until said=$(${ssh} true 2>&1); do`,
    "  now=$(date +%s)",
    "  case $said in",
    `    *"Host key verification failed"*) fail ${shellQuote(`${name} answers ssh with another key than its own: another machine has its address`)} ;;`,
    "  esac",
    `  if halted; then fail "waited $((now - started)) s for "${shellQuote(`${name} to answer ssh`)}; fi`,
    `  [ "$now" -lt "$((started + limit))" ] || fail "waited $limit s for "${shellQuote(`${name} to answer ssh: `)}"$(printf %s "$said" | tail -n 1)"`,
    "  sleep 2",
    "done",
    `${ssh} "FARM_WAIT_SECONDS=$limit; "${shellQuote(script(dockerWait(name)))} || { tell; exit 1; }`,
  );
}
