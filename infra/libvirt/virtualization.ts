import * as pulumi from "@pulumi/pulumi";
import type { HostConfig } from "../config/schema";
import { shellQuote } from "../remote/shell";
import { scripts } from "./scripts";
import { localCommand } from "../remote/local-command";

interface VirtualizationArgs {
  readonly farm: string;
  readonly host: HostConfig;
  /** The farm's kernel and initrd on the host, for the probe. Undefined for a cloud image, which has none. */
  readonly boot: { readonly kernel: pulumi.Input<string>; readonly initrd: pulumi.Input<string> } | undefined;
}

/**
 * The libvirt domain type of a host, found by starting a guest: on some nested hosts /dev/kvm opens, and kernels crash.
 * It runs once per host and image; the state keeps the result.
 */
export function domainType(name: string, args: VirtualizationArgs, parent: pulumi.Resource): pulumi.Output<string> {
  const { host, boot } = args;
  if (host.virtualization === "qemu") return pulumi.output("qemu");
  const tried = localCommand(
    `${name}-kvm-probe`,
    {
      create: scripts("kvm-probe.sh", {}),
      environment: {
        URI: host.uri,
        NAME: `${args.farm}-kvm-probe`,
        OTHERWISE:
          host.virtualization === "kvm" ? `echo ${shellQuote(noKvm(host.uri))} >&2; exit 1` : "printf qemu; exit 0",
        ...(boot ? { KERNEL: boot.kernel, INITRD: boot.initrd } : {}),
      },
      triggers: [host.virtualization],
    },
    // Another domain type replaces every VM, so a changed path must not run it again.
    { parent, ignoreChanges: ["create", "environment.KERNEL", "environment.INITRD"] },
  );
  return tried.stdout;
}

function noKvm(uri: string): string {
  return `${uri} runs no guest under KVM: set virtualization to qemu or auto, or enable KVM there`;
}
