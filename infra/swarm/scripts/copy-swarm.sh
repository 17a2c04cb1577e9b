#!/bin/sh
# On a manager: prints the state of the swarm as a tar.
#
# Docker writes the state whenever something changes, so that it must stand still while it is copied. To stop Docker would stop
# every container of the node: in swarm mode none outlives it. A stopped process (SIGSTOP) holds for as long as a local copy
# takes, and the containers go on. The copy is what a killed Docker leaves, and Swarm's log is made to be read after that;
# unlike after a power cut nothing is missing that was written and is not yet on the disk. The log's files are mostly holes, and
# the tasks of the node (swarm/worker) are left out: a new disk has none.
set -eu
umask 077
docker=$(cat /run/docker.pid)
copy=$(mktemp -d -p /var/tmp)
# Docker goes on even if this shell is killed.
setsid sh -c "sleep 60; kill -CONT $docker" </dev/null >/dev/null 2>&1 &
guard=$!
trap 'kill -CONT "$docker"; kill -TERM -"$guard" 2>/dev/null; rm -rf "$copy"' EXIT
trap 'exit 1' HUP INT TERM
cd /var/lib/docker
find swarm -type d -exec mkdir -p "$copy/{}" \;
is_stopped() { ! grep -L '^State:.*stopped' /proc/"$docker"/task/*/status | grep -q .; }
kill -STOP "$docker"
tries=100
until is_stopped; do
  tries=$((tries - 1))
  if [ "$tries" -le 0 ]; then
    echo "Docker could not be stopped for the copy of its state" >&2
    exit 1
  fi
  sleep 0.05
done
find swarm -type f ! -name '*.tmp' ! -path 'swarm/worker/*' -exec cp -a --parents --sparse=always -t "$copy" {} +
if ! is_stopped; then
  echo "Docker went on while its state was copied" >&2
  exit 1
fi
kill -CONT "$docker"
tar --sparse -C "$copy" -c swarm
