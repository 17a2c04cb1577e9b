# shellcheck shell=bash
# What a run that was cut off made in libvirt without Pulumi's knowing: it would be in the way of the next.
#
# Removed only from an isolated libvirt, where everything is this farm's. In the system's, a name that Pulumi does not
# know may be another person's farm: there the run fails at it, and docs/operations.md says what to do.

sweep_orphans() {
  local known name pool=swarm-farm-$FARM_STACK
  [ "$(hypervisor_mode)" = isolated ] || return 0
  known=$(pulumi stack export | jq -r '.deployment.resources[]? | select(.type | startswith("libvirt:")) | .outputs.name')
  for name in $(farm_virsh list --all --name); do
    is_known "$name" && continue
    farm_virsh destroy "$name" >/dev/null 2>&1 || true
    swept "machine $name" undefine "$name" --nvram
  done
  # Other volumes are taken over as they are; a seed is not, since it may be of another content.
  for name in $(farm_virsh vol-list "$pool" 2>/dev/null | awk '$1 ~ /-seed\.iso$/ { print $1 }'); do
    is_known "$name" || swept "volume $name" vol-delete --pool "$pool" "$name"
  done
  for name in $(farm_virsh net-list --all --name); do
    is_known "$name" && continue
    farm_virsh net-destroy "$name" >/dev/null 2>&1 || true
    swept "network $name" net-undefine "$name"
  done
  for name in $(farm_virsh pool-list --all --name); do
    is_known "$name" && continue
    farm_virsh pool-destroy "$name" >/dev/null 2>&1 || true
    swept "pool $name" pool-undefine "$name"
  done
}

farm_virsh() { in_farm virsh -q -c qemu:///system "$@"; }

is_known() { grep -qxF "$1" <<<"$known"; }

# swept WHAT VIRSH ARGS...: removes it, and says so.
swept() {
  local what=$1
  shift
  farm_virsh "$@" >/dev/null && say "removed what an interrupted run left: $what"
}
