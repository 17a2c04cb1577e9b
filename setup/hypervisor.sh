# shellcheck shell=bash
# Which libvirt the farm uses: the system's, or one of its own in its own network and mount namespaces.
#
# The isolated libvirt sees private folders where the system one has /etc/libvirt, /var/lib/libvirt and so on, and a
# network with nothing in it but what it makes. Whoever enters its namespaces finds it at qemu:///system: the program
# never knows the difference. Nothing of the host is touched, and everything is gone with the namespaces.

readonly PRIVATE_DIRS=(/etc/libvirt /var/lib/libvirt /var/cache/libvirt /var/log/libvirt /run/libvirt)

# One name per farm: two checkouts with state folders of their own must not share a namespace.
hypervisor_namespace() { printf 'farm-%s-%s' "$FARM_STACK" "$(printf %s "$FARM_HOME" | sha256sum | cut -c1-6)"; }

system_libvirt_answers() { timeout 5 virsh -q -c qemu:///system version >/dev/null 2>&1; }

# The mode is decided once per farm: what began isolated stays isolated.
hypervisor_mode() {
  local mode
  mode=$(hypervisor_wanted)
  if [ ! -e "$FARM_HOME/hypervisor" ]; then
    mkdir -p "$FARM_HOME"
    echo "$mode" >"$FARM_HOME/hypervisor"
  fi
  echo "$mode"
}

# hypervisor_wanted: the mode that was decided, or would be now.
hypervisor_wanted() {
  if [ -e "$FARM_HOME/hypervisor" ]; then
    cat "$FARM_HOME/hypervisor"
  elif [ -z "${FARM_ISOLATED:-}" ] && system_libvirt_answers; then
    echo system
  else
    echo isolated
  fi
}

isolated_pid() { cat "$FARM_HOME/libvirt/libvirtd.pid" 2>/dev/null; }

isolated_is_running() {
  local pid
  pid=$(isolated_pid) && [ "$(cat "/proc/$pid/comm" 2>/dev/null)" = libvirtd ] &&
    [ "$(ip netns identify "$pid" 2>/dev/null)" = "$(hypervisor_namespace)" ]
}

# in_farm COMMAND...: runs a command where the farm's libvirt and addresses are.
in_farm() {
  if [ "$(hypervisor_mode)" = system ]; then
    "$@"
  else
    isolated_is_running || die "the farm's hypervisor is not running: ./farm up starts it"
    # shellcheck disable=SC2016 # expanded by the inner shell: nsenter would begin in the folder of its target
    nsenter --target "$(isolated_pid)" --mount --net -- sh -c 'cd "$0" && exec "$@"' "$PWD" "$@"
  fi
}

# What the configuration asks of every libvirt, and of the network that the farm's is to be part of.
check_host() { check_there check-host "$FARM_STACK"; }

# Whether what an update uploads fits into every hypervisor's pool: asked once what an interrupted run left is gone.
check_room() { check_there check-room "$FARM_STACK" "$FARM_CACHE"; }

# check_there SCRIPT ARGS...: gives it the configuration, where the hypervisor is.
check_there() {
  load_configuration
  cd "$REPO"
  in_farm node --require=tsx/cjs "scripts/$1.ts" "${@:2}" <<<"$CONFIGURATION"
}

setup_hypervisor() {
  if [ "$(hypervisor_mode)" = system ]; then
    system_libvirt_answers || {
      note "qemu:///system does not answer: start libvirtd (systemctl start libvirtd); a farm that is not built yet can also have its own, with --isolated"
      return 1
    }
    check_host
    note "the system's libvirt"
    return
  fi
  isolated_is_running || start_isolated
  check_host
  note "isolated in namespace $(hypervisor_namespace)"
}

start_isolated() {
  local home=$FARM_HOME/libvirt ns dir pid
  ns=$(hypervisor_namespace)
  need_space "$FARM_HOME" 3000 "a farm's disks"
  progress "starting libvirt in namespace $ns"
  ip netns list | grep -qw "$ns" || ip netns add "$ns"
  ip netns exec "$ns" ip link set lo up
  if pid=$(survivor "$ns"); then
    # A libvirt that died leaves its machines running; the next one finds them by what it left in its run folder.
    # shellcheck disable=SC2016 # expanded by the inner shell
    nsenter --target "$pid" --mount --net -- sh -c '
      [ "$(cat "/proc/$(cat "$0/virtlogd.pid")/comm" 2>/dev/null)" = virtlogd ] || virtlogd -d -p "$0/virtlogd.pid"
      libvirtd -d -p "$0/libvirtd.pid"' "$home" >"$FARM_LOGS/libvirtd.log" 2>&1 3>&-
    wait_for 30 "libvirtd in namespace $ns" in_farm virsh -q -c qemu:///system version
    return
  fi
  # What an earlier libvirt left in its run folder, sockets and pids, would only mislead this one.
  rm -rf "$home/run/libvirt"
  for dir in "${PRIVATE_DIRS[@]}"; do mkdir -p "$home$dir" "$dir"; done
  # Console logs go here, and nothing else makes the folder before the first machine starts.
  mkdir -p "$home/var/log/libvirt/qemu"
  # QEMU runs as root inside: the disks lie below a home folder that no other user may read.
  printf 'security_driver = "none"\nuser = "root"\ngroup = "root"\n' >"$home/etc/libvirt/qemu.conf"
  # Daemons must not hold the caller's output open: whoever reads it would wait for them to end.
  ip netns exec "$ns" unshare --mount --propagation private sh -s "$home" "${PRIVATE_DIRS[@]}" \
    >"$FARM_LOGS/libvirtd.log" 2>&1 3>&- <<'INSIDE'
set -eu
home=$1
shift
for dir in "$@"; do mount --bind "$home$dir" "$dir"; done
virtlogd -d -p "$home/virtlogd.pid"
libvirtd -d -p "$home/libvirtd.pid"
INSIDE
  wait_for 30 "libvirtd in namespace $ns" in_farm virsh -q -c qemu:///system version
}

# survivor NAMESPACE: a process that still runs in it, with libvirt's private folders.
survivor() {
  local pid
  for pid in $(ip netns pids "$1" 2>/dev/null); do
    case $(cat "/proc/$pid/comm" 2>/dev/null) in virtlogd | qemu-system* | dnsmasq) echo "$pid" && return ;; esac
  done
  return 1
}

# stop_isolated: ends the farm's VMs, its libvirt and its namespace, and removes their files.
stop_isolated() {
  local ns pid
  ns=$(hypervisor_namespace)
  if ip netns list | grep -qw "$ns"; then
    # Everything in the namespace is the farm's: VMs, libvirtd, virtlogd, dnsmasq, kept ssh connections.
    for pid in $(ip netns pids "$ns"); do kill "$pid" 2>/dev/null || true; done
    wait_for 15 "the processes in namespace $ns to end" namespace_is_empty "$ns" ||
      for pid in $(ip netns pids "$ns"); do kill -9 "$pid" 2>/dev/null || true; done
    ip netns del "$ns"
  fi
  rm -rf "$FARM_HOME/libvirt" "$FARM_HOME/hypervisor"
}

namespace_is_empty() { [ -z "$(ip netns pids "$1")" ]; }
