#!/usr/bin/env bash
# Prometheus of the farm beside VictoriaMetrics with vmalert, at the same exporters of a farm that is not there.
# run.sh [--nodes N] [--scrape-seconds N] [--minutes N] [--runs N]      README.md tells more
# FARM_VICTORIA_METRICS is the folder with the programs victoria-metrics and vmalert; nothing here fetches them.
# All of it runs in namespaces of its own.
set -euo pipefail
repo=$(cd "$(dirname "$0")/../.." && pwd)
for program in victoria-metrics vmalert; do
  [ -x "${FARM_VICTORIA_METRICS:-}/$program" ] || {
    echo "FARM_VICTORIA_METRICS '${FARM_VICTORIA_METRICS:-}' is no folder with the program $program; bench/metrics-store/README.md says how to build it" >&2
    exit 1
  }
done
FARM_VICTORIA_METRICS=$(realpath "$FARM_VICTORIA_METRICS")
export FARM_VICTORIA_METRICS
cd "$repo"
TMPDIR=$(mktemp -d)
export TMPDIR
trap 'rm -rf "$TMPDIR"' EXIT
# In a PID namespace nothing outlives a run that is killed.
# shellcheck disable=SC2016 # the inner shell's arguments
unshare --net --pid --fork --kill-child --mount-proc sh -c 'ip link set lo up && exec node --import tsx bench/metrics-store/main.ts "$@"' sh "$@"
