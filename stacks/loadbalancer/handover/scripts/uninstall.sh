#!/bin/sh
# On a node: stops the handover of the load balancer, and removes it with its rules. Tasks that wait for it end.
set -eu
systemctl -q disable --now swarm-farm-handover.service || true
if [ -e /etc/swarm-farm/handover.env ]; then
  set -a
  # shellcheck source=/dev/null # it is on the node
  . /etc/swarm-farm/handover.env
  set +a
  /usr/local/sbin/swarm-farm-handover end
fi
rm -rf /usr/local/sbin/swarm-farm-handover /etc/systemd/system/swarm-farm-handover.service /etc/swarm-farm/handover.env \
  /run/swarm-farm-handover
systemctl daemon-reload
