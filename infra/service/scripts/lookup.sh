#!/bin/sh
# On a manager: prints the id of a network, config or secret of the swarm.
#   KIND  network, config or secret
#   NAME  its name
set -eu
# Docker's filter also finds names that only begin with it, and ids.
id=$(docker "$KIND" ls --no-trunc --filter "name=$NAME" --format '{{.Name}} {{.ID}}' | awk -v name="$NAME" '$1 == name { print $2 }')
[ -n "$id" ] || {
  echo "$KIND '$NAME' is not in the swarm: create it first, or correct the name ('docker $KIND ls' on a manager lists them)" >&2
  exit 1
}
printf %s "$id"
