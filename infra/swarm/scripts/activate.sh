#!/bin/sh
# On a manager: lets a node get tasks again, if it is still in the swarm.
#   NODE  the node's name
set -eu
. lib/change-node.sh
exit_if_missing "$NODE"
change update --availability active "$NODE"
