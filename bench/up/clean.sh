#!/usr/bin/env bash
# Where the farm's libvirt is: removes what the script made, and no more.
# clean.sh POOL
set -euo pipefail
pool=$1
path=$(virsh -q pool-dumpxml "$pool" | sed -n 's|.*<path>\(.*\)</path>.*|\1|p')
for domain in $(virsh -q list --all --name); do
  virsh -q destroy "$domain" 2>/dev/null || true
  virsh -q undefine "$domain"
done
for kind in net pool; do
  for name in $(virsh -q $kind-list --all --name); do
    virsh -q $kind-destroy "$name"
    virsh -q $kind-undefine "$name"
  done
done
find "$path" -mindepth 1 -delete
