#!/bin/sh
# On the node of a task: prints the health of the task's container as Docker has it. With RESTART a healthy container is
# killed: Swarm starts another.
#   TASK     its id
#   RESTART  yes or no
set -eu
container=$(docker ps --quiet --no-trunc --filter "label=com.docker.swarm.task.id=$TASK")
[ -n "$container" ] || exit 0
health=$(docker inspect --format '{{with .State.Health}}{{.Status}}{{end}}' "$container")
if [ "$health" = healthy ] && [ "$RESTART" = yes ]; then docker kill "$container" >/dev/null; fi
echo "$health"
