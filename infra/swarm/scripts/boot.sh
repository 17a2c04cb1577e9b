#!/bin/sh
# Where Pulumi runs: waits until a node answers ssh with its own host key, and until its Docker answers; prints the end of its
# console if one of them does not.
#
# QEMU pauses a VM that cannot write because the pool is full; it continues once there is room. A VM that is paused for that
# reason or off is resumed or started, and one that becomes so is not waited for. A VM whose kernel panics is reset: one boot
# of some hundreds did so under emulation, before the guest's own setting could restart it.
#   FARM             the farm's name
#   NODE             the node's name
#   HOST             its hypervisor's name
#   URI              its hypervisor's libvirt
#   DOMAIN           its VM's name there
#   POOL_PATH        the folder of its disk there
#   CONSOLE_LOG      its console log there
#   TIMEOUT          seconds, for ssh and for Docker each
#   WAIT_FOR_DOCKER  wait-for-docker.sh
set -eu
. ../../remote/scripts/lib/ssh.sh
. ../../remote/scripts/lib/console.sh

is_halted() {
  state=$(virsh -q -c "$URI" domstate --reason "$DOMAIN" 2>/dev/null) || return 1
  case $state in *"I/O error"* | "shut off"*) ;; *) return 1 ;; esac
}

explain() {
  if is_halted; then
    case $state in
      *"I/O error"*) echo "  VM paused: storage pool $POOL_PATH on host $HOST ($URI) is full; make room there, then ./farm up" ;;
      *) echo "  its VM is '$state'; ./farm up starts it" ;;
    esac >&2
  fi
  print_console "$CONSOLE_LOG"
}

fail() {
  echo "$1" >&2
  explain
  exit 1
}

if is_halted; then virsh -q -c "$URI" resume "$DOMAIN" >/dev/null 2>&1 || virsh -q -c "$URI" start "$DOMAIN" >/dev/null; fi
limit=${FARM_WAIT_SECONDS:-$TIMEOUT}
started=$(date +%s)
resets=0
until error=$(on -o ConnectTimeout=10 "$NODE" true 2>&1); do
  now=$(date +%s)
  case $error in
    *"Host key verification failed"*) fail "$NODE answers ssh with another host key: another machine has its address" ;;
  esac
  if is_halted; then fail "waited $((now - started)) s for $NODE to answer ssh"; fi
  if [ "$(panics "$CONSOLE_LOG")" -gt "$resets" ]; then
    [ "$resets" -lt 3 ] || fail "the kernel of $NODE panicked in $((resets + 1)) boots one after another"
    resets=$((resets + 1))
    virsh -q -c "$URI" reset "$DOMAIN" >/dev/null
  fi
  [ "$now" -lt "$((started + limit))" ] || fail "waited $limit s for $NODE to answer ssh: $(printf %s "$error" | tail -n 1)"
  sleep 2
done
if ! on -o ConnectTimeout=10 "$NODE" "FARM_WAIT_SECONDS=$limit; $WAIT_FOR_DOCKER"; then
  explain
  exit 1
fi
