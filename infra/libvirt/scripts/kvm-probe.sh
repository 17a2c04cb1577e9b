#!/bin/sh
# Where Pulumi runs: prints `kvm` if a hypervisor runs a guest under KVM.
#
# The guest is transient: when it powers itself off, libvirt removes it, and that is the sign of success; one that resets
# stays. A cloud image has no kernel to try: there the guest has only to stay alive.
#   $URI        the hypervisor's libvirt
#   $NAME       the guest's name
#   $OTHERWISE  shell text that is run where it does not
#   $KERNEL     the farm's kernel on the hypervisor. Unset for none
#   $INITRD     its initrd
set -eu

give_up() {
  virsh -q -c "$URI" destroy "$NAME" >/dev/null 2>&1 || true
  eval "$OTHERWISE"
}

boot=${KERNEL:+<kernel>$KERNEL</kernel><initrd>$INITRD</initrd><cmdline>console=ttyS0 quiet swarm-farm.probe</cmdline>}
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
  ran=$(($(date +%s) - started))
  # A guest that only says hello and powers off takes a second or two under KVM; a dead one never ends.
  if [ "$state" != running ] || [ "$ran" -ge 15 ]; then give_up; fi
  # Without a kernel the guest prints nothing; that it still runs after 5 s is all that can be asked of it.
  if [ -z "$boot" ] && [ "$ran" -ge 5 ]; then
    virsh -q -c "$URI" destroy "$NAME" >/dev/null 2>&1 || true
    break
  fi
  sleep 0.5
done
printf kvm
