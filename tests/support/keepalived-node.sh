#!/bin/sh
# keepalived-node.sh PROGRAM IMAGE ARGUMENT...: runs keepalived as a task of the farm does, with the scripts of its image: as root with
# the service's capabilities alone, in folders of its own. The caller has put it into namespaces of its own.
set -eu
program=$1 image=$2
shift 2
for folder in /usr/local/sbin /run; do mount -t tmpfs -o mode=755 tmpfs "$folder"; done
cp "$image/start-keepalived" "$image/check-balancer" "$image/hold-addresses" /usr/local/sbin/
cp "$program" /usr/local/sbin/keepalived
capabilities=-all,+net_admin,+net_raw,+setgid
PATH=/usr/local/sbin:/usr/sbin:/usr/bin:/sbin:/bin
exec setpriv --bounding-set "$capabilities" --inh-caps "$capabilities" start-keepalived "$@"
