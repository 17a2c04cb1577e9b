import { createHash } from "node:crypto";
import * as command from "@pulumi/command";
import type * as pulumi from "@pulumi/pulumi";
import type { LinkPlan } from "../net/plan";
import { script, shellQuote } from "../remote/shell";
import { bridgeName } from "./domain";

interface LinkArgs {
  readonly farm: string;
  readonly uri: string;
  readonly link: LinkPlan;
  /** The farm's network as libvirt names it, and the resource that makes it. */
  readonly network: { readonly name: string; readonly resource: pulumi.Resource };
}

/** Time for a host to be reached. */
const dialSeconds = 20;

/** IANA's port for VXLAN. */
const vxlanPort = 4789;

/**
 * Joins the farm's network on a host with that on its other hosts by VXLAN: one network to the nodes, wherever they run.
 *
 * libvirt knows no such thing. A hook of its own does it whenever the network starts, so that a host that was restarted
 * is joined again by itself.
 */
export function link(name: string, args: LinkArgs, parent: pulumi.Resource): pulumi.Resource {
  const run = (what: "install" | "remove") => `${shellOn(args.uri)} -- ${what}`;
  return new command.local.Command(
    name,
    {
      create: run("install"),
      delete: run("remove"),
      stdin: linkScript(args),
      triggers: [args.uri],
      logging: "none",
    },
    { parent, dependsOn: args.network.resource, deleteBeforeReplace: true },
  );
}

/** Shell text that runs the script on its standard input where a libvirt is; its arguments follow. */
export function shellOn(uri: string): string {
  const { protocol, username, hostname, port, searchParams } = new URL(uri);
  if (protocol !== "qemu+ssh:") return "sh -s";
  const key = searchParams.get("keyfile");
  // libvirt reads a number: 0 asks for the check.
  const trusting = Number(searchParams.get("no_verify") ?? 0) !== 0;
  return [
    "ssh",
    ...["-o", "BatchMode=yes", "-o", `ConnectTimeout=${String(dialSeconds)}`, "-o", "LogLevel=ERROR"],
    ...(trusting ? ["-o", "StrictHostKeyChecking=no", "-o", "UserKnownHostsFile=/dev/null"] : []),
    ...(key === null ? [] : ["-i", shellQuote(key)]),
    ...(port === "" ? [] : ["-p", port]),
    shellQuote(username === "" ? hostname : `${username}@${hostname}`),
    "sh -s",
  ].join(" ");
}

/** Installs the hook and runs it, or removes both it and what it made: `install` or `remove` as its argument. */
export function linkScript({ farm, link: { address, peers }, network }: LinkArgs): string {
  const device = vxlanName(farm);
  const hook = `/etc/libvirt/hooks/network.d/${network.name}`;
  return script(
    `[ "$(id -u)" -eq 0 ] || { echo "joining the farm's hosts takes root on each: use root@ in hosts.<name>.uri" >&2; exit 1; }`,
    `ip link del ${device} 2>/dev/null || true`,
    `if [ "$1" = remove ]; then rm -f ${hook}; exit 0; fi`,
    "mkdir -p /etc/libvirt/hooks/network.d",
    `cat >${hook} <<'HOOK'`,
    "#!/bin/sh",
    `# Made by swarm-farm: joins the network of farm ${farm} with that on its other hosts.`,
    `[ "$1 $2" = "${network.name} started" ] || exit 0`,
    "set -e",
    // libvirt waits for it, and writes the network to its standard input.
    "exec </dev/null",
    `ip link add ${device} type vxlan id ${String(networkIdentifier(farm))} local ${address} dstport ${String(vxlanPort)}`,
    // Whom a frame goes to that no other host is known for.
    ...peers.map((peer) => `bridge fdb append 00:00:00:00:00:00 dev ${device} dst ${peer}`),
    // As the nodes have it: what is too long with VXLAN's 50 bytes travels in two pieces.
    `ip link set ${device} mtu 1500 master ${bridgeName(farm)} up`,
    "HOOK",
    `chmod 755 ${hook}`,
    `exec ${hook} ${network.name} started`,
  );
}

/** Within Linux's 15 characters for the name of an interface. */
function vxlanName(farm: string): string {
  return `sfx-${digest(farm).slice(0, 8)}`;
}

/** VXLAN's 24 bits that tell one farm's frames from another's. */
function networkIdentifier(farm: string): number {
  return Number.parseInt(digest(farm).slice(0, 6), 16);
}

function digest(farm: string): string {
  return createHash("sha256").update(farm).digest("hex");
}
