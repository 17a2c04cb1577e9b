import * as command from "@pulumi/command";
import * as pulumi from "@pulumi/pulumi";
import type { HostConfig } from "../config/schema";
import { shellQuote } from "../remote/shell";

/** A guest that only says hello and powers off is done in a second or two under KVM; a dead one never ends. */
const probeSeconds = 15;

interface VirtualizationArgs {
  readonly farm: string;
  readonly host: HostConfig;
  /** The farm's kernel and initrd on the host, to try a guest with; without them libvirt's word is taken. */
  readonly boot: { readonly kernel: pulumi.Input<string>; readonly initrd: pulumi.Input<string> } | undefined;
}

/**
 * The libvirt domain type of a host, decided by trying: /dev/kvm may open and ordinary kernels die under it all the
 * same, e.g. on some nested hosts. Tried once per host and image, then kept.
 */
export function domainType(name: string, args: VirtualizationArgs, parent: pulumi.Resource): pulumi.Output<string> {
  const { host, boot } = args;
  if (host.virtualization === "qemu") return pulumi.output("qemu");
  const tried = new command.local.Command(
    `${name}-kvm-probe`,
    {
      create: probe,
      environment: {
        URI: host.uri,
        NAME: `${args.farm}-kvm-probe`,
        OTHERWISE:
          host.virtualization === "kvm" ? `echo ${shellQuote(noKvm(host.uri))} >&2; exit 1` : "printf qemu; exit 0",
        ...(boot ? { KERNEL: boot.kernel, INITRD: boot.initrd } : {}),
      },
      triggers: [host.virtualization],
      logging: "none",
    },
    // The answer must not change because a path did: nodes would be replaced for it.
    { parent, ignoreChanges: ["create", "environment.KERNEL", "environment.INITRD"] },
  );
  return tried.stdout;
}

function noKvm(uri: string): string {
  return `${uri} runs no guest under KVM: set virtualization to qemu or auto, or enable KVM there`;
}

/** A guest without a kernel has nothing to say; that it still runs after this long is all that can be asked of it. */
const firmwareSeconds = 5;

/**
 * The guest is transient: when it powers itself off, libvirt forgets it, and that is the sign of success; one that resets
 * stays. A cloud image brings no kernel of its own to try: there the guest has only to stay alive.
 */
const probe = `set -eu
give_up() { virsh -q -c "$URI" destroy "$NAME" >/dev/null 2>&1 || true; eval "$OTHERWISE"; }
boot=\${KERNEL:+<kernel>$KERNEL</kernel><initrd>$INITRD</initrd><cmdline>console=ttyS0 quiet swarm-farm.probe</cmdline>}
virsh -q -c "$URI" domcapabilities --virttype kvm >/dev/null 2>&1 || give_up
virsh -q -c "$URI" create /dev/stdin >/dev/null 2>&1 <<XML || give_up
<domain type="kvm">
  <name>$NAME</name><memory unit="MiB">256</memory><vcpu>1</vcpu>
  <os><type arch="x86_64">hvm</type>$boot</os>
  <cpu mode="host-passthrough"/><features><acpi/></features>
  <on_reboot>restart</on_reboot><on_crash>preserve</on_crash>
  <devices><serial type="null"/></devices>
</domain>
XML
started=$(date +%s)
while state=$(virsh -q -c "$URI" domstate "$NAME" 2>/dev/null); do
  ran=$(( $(date +%s) - started ))
  [ "$state" = running ] && [ "$ran" -lt ${probeSeconds} ] || give_up
  if [ -z "$boot" ] && [ "$ran" -ge ${firmwareSeconds} ]; then
    virsh -q -c "$URI" destroy "$NAME" >/dev/null 2>&1 || true
    break
  fi
  sleep 0.5
done
printf kvm`;
