#!/bin/sh
# On a manager: drains a node, and waits until its tasks run elsewhere.
#   NODE  the node's name
set -eu
. ../../remote/scripts/lib/wait-until.sh
. lib/change-node.sh
. lib/drain.sh
drain
