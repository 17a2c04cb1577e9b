#!/usr/bin/env bash
# Failed requests and outage times when a worker or the leader is switched off and when load comes; Swarm's own part beside it.
# run.sh [--runs N]      makes two farms of three nodes, one after the other, and destroys them; ./farm setup comes first
set -euo pipefail
repo=$(cd "$(dirname "$0")/../.." && pwd)
runs=1
while (($#)); do
  case $1 in
    --runs)
      [[ ${2:-} =~ ^[1-9][0-9]*$ ]] || {
        echo "--runs '${2:-}' is not a number from 1 on" >&2
        exit 2
      }
      runs=$2
      ;;
    *)
      echo "unknown argument '$1'; there is --runs N" >&2
      exit 2
      ;;
  esac
  shift 2
done
cache=${XDG_CACHE_HOME:-$HOME/.cache}/swarm-farm/bench-reliability
mkdir -p "$cache"
exec 9>"$cache/lock"
flock -n 9 || {
  echo "another run is under way, it has $cache/lock" >&2
  exit 1
}
cd "$repo"
eval "$(./farm env)"
exec node --import=tsx bench/reliability/main.ts "$runs" "$cache/farm"
