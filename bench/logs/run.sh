#!/usr/bin/env bash
# Lines a second that the store and a node's sender bear, with the arguments and limits that they have on a farm.
# run.sh [--runs N] [--seconds N] [--away N] [--parts "120 B,1 kB,away,bursts"]      needs root, Go, and control groups of version 1
# All of it runs in network and process namespaces of its own.
set -euo pipefail
repo=$(cd "$(dirname "$0")/../.." && pwd)
cd "$repo"
# Those of a killed run; of another run, which are in use, none is removed.
trap 'find /sys/fs/cgroup/*/swarm-farm-bench -depth -type d -exec rmdir {} + 2>/dev/null || true' EXIT
# shellcheck disable=SC2016 # the inner shell's arguments
unshare --net --pid --fork --kill-child sh -c 'ip link set lo up && exec node --import tsx bench/logs/main.ts "$@"' sh "$@"
