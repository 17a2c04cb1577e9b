#!/bin/sh
# On a node: waits until its Docker answers.
#   NODE  its name
set -eu
. ../../remote/scripts/lib/wait-until.sh
. lib/docker.sh
wait_for_docker "$NODE"
