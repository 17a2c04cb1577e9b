#!/usr/bin/env bash
# Another hypervisor beside a farm's own, in a network namespace of its own that a link joins to the farm's.
#   second-host.sh start FOLDER FARM_NAMESPACE   prints nothing; ssh as root@192.0.2.2 with FOLDER/key reaches it
#   second-host.sh stop FOLDER
# The farm's end of the link has 192.0.2.1. Nothing outside of the two namespaces is touched.
set -euo pipefail
verb=$1 folder=$2
ns=sf-host-$(printf %s "$folder" | sha256sum | cut -c1-6)
dirs=(/etc/libvirt /var/lib/libvirt /var/cache/libvirt /var/log/libvirt /run/libvirt)

start() {
  local farm=$1 dir
  mkdir -p "$folder/root/var/log/libvirt/qemu"
  for dir in "${dirs[@]}"; do mkdir -p "$folder/root$dir" "$dir"; done
  printf 'security_driver = "none"\nuser = "root"\ngroup = "root"\n' >"$folder/root/etc/libvirt/qemu.conf"
  ssh-keygen -q -t ed25519 -N '' -f "$folder/key"
  ssh-keygen -q -t ed25519 -N '' -f "$folder/hostkey"
  cp "$folder/key.pub" "$folder/authorized"
  cat >"$folder/sshd_config" <<CONFIG
ListenAddress 192.0.2.2
HostKey $folder/hostkey
AuthorizedKeysFile $folder/authorized
PermitRootLogin prohibit-password
UsePAM no
StrictModes no
PidFile $folder/sshd.pid
CONFIG
  ip netns add "$ns"
  ip -n "$ns" link set lo up
  ip link add sf-left netns "$farm" type veth peer name sf-right netns "$ns"
  ip -n "$farm" address add 192.0.2.1/24 dev sf-left
  ip -n "$ns" address add 192.0.2.2/24 dev sf-right
  ip -n "$farm" link set sf-left up
  ip -n "$ns" link set sf-right up
  mkdir -p /run/sshd
  ip netns exec "$ns" unshare --mount --propagation private bash -s "$folder" "${dirs[@]}" >"$folder/log" 2>&1 <<'INSIDE'
set -eu
folder=$1
shift
for dir; do mount --bind "$folder/root$dir" "$dir"; done
virtlogd -d -p "$folder/virtlogd.pid"
libvirtd -d -p "$folder/libvirtd.pid"
/usr/sbin/sshd -f "$folder/sshd_config"
INSIDE
}

stop() {
  local pid
  for pid in $(ip netns pids "$ns" 2>/dev/null); do kill "$pid" 2>/dev/null || true; done
  for _ in $(seq 50); do
    [ -n "$(ip netns pids "$ns" 2>/dev/null)" ] || break
    sleep 0.2
  done
  ip netns del "$ns" 2>/dev/null || true
  rm -rf "$folder"
}

"$verb" "${@:3}"
