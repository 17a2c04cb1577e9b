#!/usr/bin/env bash
# Requests per second through both programs of the load balancer, beside the same programs with a configuration written by hand, and the
# server itself.
# run.sh [--runs N] [--seconds N]      needs wrk (apt-get install wrk), and nginx and HAProxy as `./farm test` unpacks them
# FARM_NGINX and FARM_HAPROXY name other programs, e.g. those of the farm's images.
# All of it runs in a network namespace of its own.
set -euo pipefail
repo=$(cd "$(dirname "$0")/../.." && pwd)
for program in wrk openssl; do
  command -v "$program" >/dev/null || {
    echo "there is no $program: apt-get install $program" >&2
    exit 1
  }
done
# Hundreds of connections, each with one to the server.
ulimit -n 8192
cd "$repo"
# shellcheck disable=SC2016 # the inner shell's arguments
exec unshare --net sh -c 'ip link set lo up && exec node --import tsx bench/loadbalancer/main.ts "$@"' sh "$@"
