#!/bin/sh
# On a manager: removes a node's label, if there is one and the node is still in the swarm.
#   NODE  the node's name
#   KEY   the label's
set -eu
. lib/change-node.sh
exit_if_missing "$NODE"
change update --label-rm "$KEY" "$NODE" 2>/dev/null || true
