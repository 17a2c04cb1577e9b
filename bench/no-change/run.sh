#!/usr/bin/env bash
# Cost of an `up` that changes nothing, beside that of a program with one resource.
# run.sh [--runs N] [--still]      needs a farm that is up (./farm up); its stack is not changed
# --still: its VMs stand still meanwhile; no run asks them, and emulated ones take most of a processor.
set -euo pipefail
repo=$(cd "$(dirname "$0")/../.." && pwd)
runs=3 vms=
while (($#)); do
  case $1 in
    --runs) runs=$2 ;;
    --still)
      vms=$("$repo/farm" run -- virsh list --name)
      shift
      continue
      ;;
    *)
      echo "unknown argument $1" >&2
      exit 2
      ;;
  esac
  shift 2
done
work=$(mktemp -d)
trap 'each_vm resume; rm -rf "$work"' EXIT
cd "$repo"
readonly no_change=(up --yes --skip-preview --non-interactive --expect-no-changes)

# each_vm suspend|resume
each_vm() { for vm in $vms; do "$repo/farm" run -- virsh -q "$1" "$vm" >/dev/null; done; }

# project DIR: runs as the farm's program does, with the same node, modules and options.
project() {
  mkdir -p "$1"
  ln -s "$repo"/{node_modules,package.json,tsconfig.json,tsconfig.pulumi.json} "$1/"
  sed 's/^name: .*/name: bench/' "$repo/Pulumi.yaml" >"$1/Pulumi.yaml"
}

# one_resource DIR: a program that has one, and what it makes is there.
one_resource() {
  echo 'import * as command from "@pulumi/command"; new command.local.Command("one", { create: "true" });' >"$1/index.ts"
  cd "$1"
  in_bench stack init bench >/dev/null
  in_bench up --yes --skip-preview --non-interactive >/dev/null
}

# in_bench ARGS...: pulumi with a state of its own in the current folder, where the farm's libvirt is: a preview asks for it.
in_bench() {
  "$repo/farm" run -- env PULUMI_BACKEND_URL="file://$PWD" PULUMI_CONFIG_PASSPHRASE=bench PULUMI_STACK=bench pulumi "$@"
}

# seconds COMMAND...: how long it takes.
seconds() {
  local started
  started=$(date +%s.%N)
  "$@" >"$work/log" 2>&1 || {
    cat "$work/log" >&2
    exit 1
  }
  awk -v a="$started" -v b="$(date +%s.%N)" 'BEGIN { printf "%.2f", b - a }'
}

each_vm suspend
project "$work/one"
one_resource "$work/one"
cd "$repo"
printf '%-4s %10s %18s %8s\n' run 'farm s' 'one resource s' ratio
for run in $(seq "$runs"); do
  one=$(cd "$work/one" && seconds in_bench "${no_change[@]}")
  farm=$(seconds ./farm run -- pulumi "${no_change[@]}")
  awk -v r="$run" -v o="$one" -v f="$farm" 'BEGIN { printf "%-4s %10s %18s %8.2f\n", r, f, o, f / o }'
done
