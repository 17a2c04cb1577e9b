#!/bin/sh
# Where Pulumi runs: runs a script on a node, which gets standard input and all managers as $MANAGERS, each a
# word `name=address`; and then perhaps another one on another node. If one fails, prints the end of a VM's console.
#   FARM         the farm's name
#   HOST         the node, or any.manager
#   SCRIPT       the script
#   THEN_HOST    the node of the second script, empty for none
#   THEN_SCRIPT  the second script
#   CONSOLE_LOG  the console log of the VM that the scripts are about, on its hypervisor
set -eu
. lib/ssh.sh
. lib/console.sh

run() { on "$1" "MANAGERS='$(cat "$ssh_folder/managers")'; FARM_WAIT_SECONDS=${FARM_WAIT_SECONDS:-}; $2"; }

status=0
run "$HOST" "$SCRIPT" || status=$?
if [ "$status" -eq 0 ] && [ -n "$THEN_HOST" ]; then run "$THEN_HOST" "$THEN_SCRIPT" || status=$?; fi
[ "$status" -eq 0 ] || print_console "$CONSOLE_LOG"
exit "$status"
