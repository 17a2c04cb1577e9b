#!/bin/sh
# On a manager: waits until each task has run for 5 s, as `up` does where all have health checks; at most an hour.
set -eu
deadline=$(($(date +%s) + 3600))
youngest() {
  tasks=$(docker service ls -q | xargs docker service ps -q --filter desired-state=running) || return 1
  # shellcheck disable=SC2086 # ids, a word each
  docker inspect --format '{{.Status.State}} {{.Status.Timestamp}}' $tasks | while read -r state day time _; do
    [ "$state" = running ] || { echo 0 && continue; }
    echo $(($(date +%s) - $(date -d "$day ${time%.*} UTC" +%s)))
  done | sort -n | head -n 1
}
until age=$(youngest) && [ "$age" -ge 5 ]; do
  [ "$(date +%s)" -lt "$deadline" ] || {
    echo "tasks that run for 5 s were waited for, and the youngest has run for ${age:-no} s" >&2
    exit 1
  }
  sleep 1
done
