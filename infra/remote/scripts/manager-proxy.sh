#!/bin/sh
# ssh's ProxyCommand for any.manager: connects to the first manager that takes part in the swarm. The host name
# any.manager.but.NODE excludes a node: its removal from the swarm cannot run on it.
#   MANAGERS_FILE  the managers in the order in which they are tried, each a line `name=address`
#   PREFIX         of a host name that excludes a node
set -eu
managers=$(tr '\n' ' ' <"$MANAGERS_FILE")
excluded=${1#"$PREFIX"}
# The only manager may just be starting.
deadline=$(($(date +%s) + 120))
while :; do
  for manager in $managers; do
    [ "${manager%%=*}" != "$excluded" ] || continue
    address=${manager#*=}
    # Whoever listens on Swarm's port is a manager whose Docker runs. 5 s are for a busy host.
    if socat -u OPEN:/dev/null "TCP:$address:2377,connect-timeout=5" 2>/dev/null; then
      exec socat STDIO "TCP:$address:22,connect-timeout=5"
    fi
  done
  [ "$(date +%s)" -lt "$deadline" ] || break
  sleep 1
done
echo "waited 120 s for a manager of the swarm to answer on port 2377: $managers" >&2
exit 1
