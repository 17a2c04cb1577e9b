#!/usr/bin/env bash
# Runs one step of the script, in the folder that main.ts wrote: the same command as the program's, with the identities of this run.
# step.sh NAME
set -euo pipefail
shopt -s nullglob
name=$1 began=$EPOCHREALTIME
# What earlier steps printed takes the place of what the farm's own commands had printed.
now() { cat /dev/null ids/* | sed -f - "$1"; }
export work=$PWD/work
now "steps/$name.sh" >"work/$name.sh"
now "steps/$name.in" | (cd "$REPOSITORY" && sh "$work/$name.sh") >"out/$name" 2>"out/$name.err" || {
  echo "step $name failed:" >&2
  tail -n 5 "out/$name.err" >&2
  exit 1
}
if [ -e "steps/$name.id" ]; then
  printf 's/%s/%s/g\n' "$(cat "steps/$name.id")" "$(tr -d '\n' <"out/$name")" >"work/$name.id"
  mv "work/$name.id" "ids/$name"
fi
echo "$name $began $EPOCHREALTIME" >"times/$name"
