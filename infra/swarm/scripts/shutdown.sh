#!/bin/sh
# Where Pulumi runs: stops a node's Docker and writes its data to disk. A dead node is not waited for. Where a VM was lost,
# a new one of the same name and host key may run by now; that one is left alone.
#   FARM    the farm's name
#   NODE    the node's name
#   URI     its hypervisor's libvirt
#   DOMAIN  its VM's name there
#   ID      its VM's UUID
set -eu
. ../../remote/scripts/lib/ssh.sh
[ "$(virsh -q -c "$URI" domuuid "$DOMAIN" 2>/dev/null)" = "$ID" ] || exit 0
# Docker gives its containers 10 s each to stop, unless a service says otherwise.
timeout 90 ssh -F "$ssh_folder/config" -o ControlMaster=no -o ControlPath=none -o ConnectTimeout=10 "$NODE" \
  'systemctl stop docker.socket docker.service containerd.service; sync' || true
