#!/bin/sh
# On a manager: sets a node's label and checks it.
#   NODE   the node's name
#   KEY    the label's
#   VALUE  the label's
set -eu
. lib/change-node.sh
change update --label-add "$KEY=$VALUE" "$NODE"
[ "$(docker node inspect "$NODE" -f "{{index .Spec.Labels \"$KEY\"}}")" = "$VALUE" ]
