#!/bin/sh
# Becomes pasta, which gives a network namespace a way out; run in the network of this machine, by `unshare --mount`.
#
#   start-egress.sh NAMESPACE ADDRESS MASK GATEWAY [RESOLVER]   RESOLVER: on loopback; the gateway forwards to it
#
# Debian's AppArmor profile lets pasta read a namespace here and /etc/resolv.conf, which must be no link: both are made so in a
# mount namespace that goes with the process.
set -eu
namespace=/run/user/0/netns/$1 address=$2 mask=$3 gateway=$4 resolver=${5-}
mkdir -p /run/user
mount -t tmpfs -o mode=755 tmpfs /run/user
mkdir -p /run/user/0/netns
: >"$namespace"
mount --bind "/run/netns/$1" "$namespace"
mount -t tmpfs -o mode=755 tmpfs /etc
printf '%s\n' "${resolver:+nameserver $resolver}" >/etc/resolv.conf

# None of the ports on either side is forwarded to the other, and no address is that of this machine's loopback.
exec pasta --foreground --runas 0 --ipv4-only --netns-only --no-netns-quit --config-net --ns-ifname egress0 --mtu 1500 \
  --address "$address" --netmask "$mask" --gateway "$gateway" ${resolver:+--dns-forward "$gateway"} --no-map-gw \
  --tcp-ports none --udp-ports none --tcp-ns none --udp-ns none --netns "$namespace"
