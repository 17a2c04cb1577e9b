#!/bin/sh
# On a manager: how many tasks ended and were replaced since the swarm began, and how often a node was taken for dead.
set -eu
tasks() { docker service ls -q | xargs docker service ps -q "$@" | wc -l; }
replaced=$(($(tasks) - $(tasks --filter desired-state=running)))
dead=$(journalctl -u docker -b -q -o cat | grep -c 'heartbeat failure' || true)
echo "$replaced $dead"
