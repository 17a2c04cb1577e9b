#!/bin/sh
# libvirt's network hook on a hypervisor, with the network's name and what happens to it as arguments: connects the farm's
# network with that on its other hypervisors.
#   NETWORK  the farm's network
#   BRIDGE   its bridge
#   DEVICE   the name of the VXLAN interface
#   VNI      VXLAN's network identifier
#   ADDRESS  the hypervisor's address
#   PEERS    the other hypervisors' addresses
[ "$1 $2" = "$NETWORK started" ] || exit 0
set -eu
# libvirt waits for the hook, and writes the network's XML to its standard input.
exec </dev/null
ip link add "$DEVICE" type vxlan id "$VNI" local "$ADDRESS" dstport 4789
# Frames to unknown destinations go to every peer.
for peer in $PEERS; do bridge fdb append 00:00:00:00:00:00 dev "$DEVICE" dst "$peer"; done
# As on the nodes: a packet that is too long with VXLAN's 50 bytes is sent in two fragments.
ip link set "$DEVICE" mtu 1500 master "$BRIDGE" up
