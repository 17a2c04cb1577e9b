#!/bin/sh
# Rules for what leaves the farm; run in its network namespace. With a GATEWAY, what leaves has the address of the way out.
#
#   egress-rules.sh [GATEWAY]
#
# A name server on loopback (systemd-resolved) is on the loopback of this machine, not on that of the namespace. With a way out,
# queries to it go to the gateway, which forwards them to it; without one they fail at once, where dnsmasq would wait for an answer.
set -eu

# An empty chain of ours in TABLE, that HOOK calls.
chain() {
  iptables -w -t "$1" -N "$3" 2>/dev/null || iptables -w -t "$1" -F "$3"
  iptables -w -t "$1" -C "$2" -j "$3" 2>/dev/null || iptables -w -t "$1" -I "$2" -j "$3"
}
chain nat POSTROUTING farm-egress
chain nat OUTPUT farm-resolver
chain filter OUTPUT farm-no-resolver
if [ $# = 0 ]; then
  iptables -w -A farm-no-resolver -d 127.0.0.0/8 -p udp --dport 53 -j DROP
else
  # A burst of a guest fits: with the default of 1000 packets a tenth of them was lost while pasta waited for a core.
  ip link set egress0 txqueuelen 10000
  iptables -w -t nat -A farm-egress -o egress0 -j MASQUERADE
  iptables -w -t nat -A farm-resolver -d 127.0.0.0/8 -p udp --dport 53 -j DNAT --to-destination "$1"
  # Their answers come in on this interface, for an address on loopback.
  echo 1 >/proc/sys/net/ipv4/conf/egress0/route_localnet
  echo 1 >/proc/sys/net/ipv4/ip_forward
fi
