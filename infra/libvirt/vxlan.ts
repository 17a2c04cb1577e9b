import { createHash } from "node:crypto";
import type * as pulumi from "@pulumi/pulumi";
import type { TunnelPlan } from "../net/plan";
import { shellQuote } from "../remote/shell";
import { bridgeName } from "./domain";
import { scripts } from "./scripts";
import { localCommand } from "../remote/local-command";

interface TunnelArgs {
  readonly farm: string;
  readonly uri: string;
  readonly tunnel: TunnelPlan;
  /** The farm's network: its name in libvirt, and its resource. */
  readonly network: { readonly name: string; readonly resource: pulumi.Resource };
}

/** Time for a host to accept an ssh connection. */
const dialSeconds = 20;

/**
 * Connects the farm's network on a host with those on its other hosts by VXLAN, which makes them one network.
 *
 * libvirt has no resource for that. A network hook connects the host whenever the network starts, also after a restart.
 */
export function vxlanTunnel(name: string, args: TunnelArgs, parent: pulumi.Resource): pulumi.Resource {
  const run = (what: "install" | "remove") => `${shellOn(args.uri)} -- ${what}`;
  return localCommand(
    name,
    {
      create: run("install"),
      delete: run("remove"),
      stdin: tunnelScript(args),
      triggers: [args.uri],
    },
    { parent, dependsOn: args.network.resource },
  );
}

/** Shell text that runs the script from standard input on the host of a libvirt; the script's arguments follow it. */
export function shellOn(uri: string): string {
  const { protocol, username, hostname, port, searchParams } = new URL(uri);
  if (protocol !== "qemu+ssh:") return "sh -s";
  const key = searchParams.get("keyfile");
  // libvirt reads a number: 0 turns the check on.
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

/** Installs the hook and runs it, or removes both it and its interface: `install` or `remove` as its argument. */
export function tunnelScript({ farm, tunnel: { address, peers }, network }: TunnelArgs): string {
  const names = { NETWORK: network.name, DEVICE: vxlanName(farm) };
  const hook = scripts("vxlan-hook.sh", {
    ...names,
    BRIDGE: bridgeName(farm),
    VNI: networkIdentifier(farm),
    ADDRESS: address,
    PEERS: peers.join(" "),
  });
  return scripts("vxlan.sh", { ...names, HOOK: hook });
}

/** At most 15 characters, which is the limit of Linux. */
function vxlanName(farm: string): string {
  return `sfx-${digest(farm).slice(0, 8)}`;
}

/** VXLAN's network identifier (VNI), 24 bits, different for each farm on a host. */
function networkIdentifier(farm: string): number {
  return Number.parseInt(digest(farm).slice(0, 6), 16);
}

function digest(farm: string): string {
  return createHash("sha256").update(farm).digest("hex");
}
