#!/bin/sh
# Starts the farm's own libvirt: run in its network namespace, by `unshare --mount`, or in the namespaces that remain of one
# that died. The daemons must not hold the caller's output open: a reader would wait for them to end.
#
#   start-isolated.sh HOME LOG [FOLDER...]   FOLDER: replaced by HOME/FOLDER, where only the farm's libvirt sees it
set -eu
home=$1
exec >"$2" 2>&1 </dev/null
shift 2
for folder in "$@"; do mount --bind "$home$folder" "$folder"; done
# virtlogd survives a libvirtd that dies, and holds the consoles of VMs that run.
if [ "$(cat "/proc/$(cat "$home/virtlogd.pid" 2>/dev/null)/comm" 2>/dev/null)" != virtlogd ]; then
  virtlogd -d -p "$home/virtlogd.pid"
fi
libvirtd -d -p "$home/libvirtd.pid"
