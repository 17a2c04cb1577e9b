#!/bin/sh
# On a manager: prints the id of a network, config or secret of the swarm.
#   KIND  network, config or secret
#   NAME  its name
set -eu
case $KIND in
  # A node may have a network of its own under the same name.
  network) set -- --no-trunc --filter scope=swarm ;;
  *) set -- ;;
esac
# Docker's filter also finds names that only begin with it.
id=$(docker "$KIND" ls "$@" --filter "name=$NAME" --format '{{.Name}} {{.ID}}' | awk -v name="$NAME" '$1 == name { print $2 }')
[ -n "$id" ] || {
  echo "$KIND '$NAME' is not in the swarm: create it first, or correct the name ('docker $KIND ls' on a manager lists them)" >&2
  exit 1
}
printf %s "$id"
