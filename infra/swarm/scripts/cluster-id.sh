#!/bin/sh
# On a manager of a swarm that another program initialized: prints the swarm's id.
#   HOST  how the manager is reached, for messages
set -eu
# shellcheck disable=SC1083 # Go's template
found=$(docker info -f '{{.Swarm.ControlAvailable}} {{with .Swarm.Cluster}}{{.ID}}{{end}}')
case $found in
  "true "*) printf %s "${found#true }" ;;
  *)
    echo "docker host '$HOST' is not a manager of a swarm: give a manager's address, or run 'docker swarm init' on it" >&2
    exit 1
    ;;
esac
