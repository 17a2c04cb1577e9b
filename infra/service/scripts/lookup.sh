#!/bin/sh
# On a manager: prints the id of a network, config or secret of the swarm.
#   KIND  network, config or secret
#   NAME  its name
set -eu
case $KIND-$NAME in
  # Docker's own, which it lists as a node's; tasks need the id that the swarm has for it.
  network-host | network-bridge | network-none)
    id=$(curl -fsS --max-time 30 --unix-socket /run/docker.sock "http://docker/networks/$NAME?scope=swarm" |
      sed -n 's/.*"Id":"\([a-z0-9]*\)".*/\1/p')
    ;;
  *)
    case $KIND in
      # A node may have a network of its own under the same name.
      network) set -- --no-trunc --filter scope=swarm ;;
      *) set -- ;;
    esac
    # Docker's filter also finds names that only begin with it.
    id=$(docker "$KIND" ls "$@" --filter "name=$NAME" --format '{{.Name}} {{.ID}}' | awk -v name="$NAME" '$1 == name { print $2 }')
    ;;
esac
[ -n "$id" ] || {
  echo "$KIND '$NAME' is not in the swarm: create it first, or correct the name ('docker $KIND ls' on a manager lists them)" >&2
  exit 1
}
printf %s "$id"
