#!/usr/bin/env bash
# run-counted.sh FILE COMMAND...: runs a command, and writes when it began and ended, and what `times` says: its CPU time with that of all that it started.
# Needs a PID namespace of its own (unshare --pid --fork --mount-proc): there it inherits the processes whose parents end before them.
set -uo pipefail
file=$1
shift
started=$EPOCHREALTIME
"$@"
status=$?
ended=$EPOCHREALTIME
for ((look = 0; look < 500; look++)); do
  set -- /proc/[0-9]*
  (($# > 1)) || break
  sleep 0.01
done
{
  echo "$started $ended"
  times
} >"$file"
exit "$status"
