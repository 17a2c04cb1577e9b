#!/usr/bin/env bash
# Growth on a farm that runs, per node and hour, and the days until each limit.
# run.sh [--hours H] [--stack NAME] [--resume FILE]   the farm is there already and stays; README.md tells more
set -euo pipefail
repo=$(cd "$(dirname "$0")/../.." && pwd)
hours=3 stack=${PULUMI_STACK:-dev} samples=''
while (($#)); do
  case $1 in
    --hours)
      [[ ${2:-} =~ ^[0-9]+(\.[0-9]+)?$ ]] || {
        echo "--hours '${2:-}' is not a number" >&2
        exit 2
      }
      hours=$2
      ;;
    --stack)
      [[ ${2:-} =~ ^[a-z][a-z0-9-]{0,30}$ ]] || {
        echo "--stack '${2:-}' is not a stack's name" >&2
        exit 2
      }
      stack=$2
      ;;
    --resume)
      [ -f "${2:-}" ] || {
        echo "--resume '${2:-}': there is no such file of samples" >&2
        exit 2
      }
      samples=$(realpath "$2")
      ;;
    *)
      echo "unknown argument '$1'; there are --hours H, --stack NAME, --resume FILE" >&2
      exit 2
      ;;
  esac
  shift 2
done
cache=${XDG_CACHE_HOME:-$HOME/.cache}/swarm-farm/bench-endurance
mkdir -p "$cache"
exec 9>"$cache/lock-$stack"
flock -n 9 || {
  echo "another run watches '$stack', it has $cache/lock-$stack" >&2
  exit 1
}
[ -n "$samples" ] || samples=$cache/$stack-$(date -u +%Y%m%dT%H%M%S).jsonl
cd "$repo"
eval "$(./farm env --stack "$stack")"
exec node --import=tsx bench/endurance/main.ts --stack "$stack" --hours "$hours" --samples "$samples" --table "${samples%.jsonl}.md"
