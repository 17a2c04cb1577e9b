#!/usr/bin/env bash
# In a guest that has booted: where its CPU time went, in seconds, as the guest counts it. What ended keeps its count in systemd.
set -euo pipefail
count=10 # units that are named

systemd-analyze time | head -n 1 | sed 's/^Startup finished in //; s/ = .*//; s/^/stages: /'
awk -v hz="$(getconf CLK_TCK)" '$1 == "cpu" { printf "all: user %.1f, kernel %.1f\n", ($2 + $3) / hz, ($4 + $7 + $8) / hz }' /proc/stat
# A paragraph for each unit, with its properties in any order.
systemctl show --property=Id --property=CPUUsageNSec '*.service' '*.socket' init.scope | awk -v RS= '
  match($0, /CPUUsageNSec=[0-9]+/) {
    usage = substr($0, RSTART + 13, RLENGTH - 13)
    match($0, /Id=[^\n]*/)
    printf "%.2f %s\n", usage / 1e9, substr($0, RSTART + 3, RLENGTH - 3)
  }' | sort -rn | awk -v count="$count" 'NR <= count { print } NR > count { rest += $1 } END { printf "%.2f others\n", rest }'
