#!/bin/sh
# On a manager: sets whether a node gets tasks.
#   NODE          the node's name
#   AVAILABILITY  active or pause
set -eu
. lib/change-node.sh
change update --availability "$AVAILABILITY" "$NODE"
