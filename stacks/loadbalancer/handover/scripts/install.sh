#!/bin/sh
# On a node: installs the handover of the load balancer, or replaces it by one with other settings, and waits until it has directed the
# ports to the tasks that run. A port on which a program of the node listens is refused: it would lose its connections.
#   PORTS     the ports of the node
#   SETTINGS  text of its environment file
#   PROGRAM   text of the program
#   UNIT      text of the systemd service
set -eu
. ../../../../infra/remote/scripts/lib/put.sh

for port in $PORTS; do
  # Docker listens on ports that it publishes, those of a load balancer without a handover among them.
  user=$(ss -Hltnp "sport = :$port" | grep -v -e '"dockerd"' -e '"docker-proxy"' | sed -n 's/.*users:(("\([^"]*\)".*/\1/p' | head -n 1)
  [ -z "$user" ] || {
    echo "port $port of $(uname -n): '$user' listens on it; stop it, or give the load balancer another port" >&2
    exit 1
  }
done
mkdir -p /etc/swarm-farm
# Under SELinux programs may be run from there.
put /usr/local/sbin/swarm-farm-handover 755 "$PROGRAM"
put /etc/systemd/system/swarm-farm-handover.service 644 "$UNIT"
put /etc/swarm-farm/handover.env 644 "$SETTINGS"
rm -f /run/swarm-farm-handover/ready
systemctl daemon-reload
systemctl -q enable swarm-farm-handover.service
systemctl restart swarm-farm-handover.service
deadline=$(($(date +%s) + 120))
until [ -e /run/swarm-farm-handover/ready ]; do
  [ "$(date +%s)" -lt "$deadline" ] || {
    echo "$(uname -n): the handover of the load balancer has not directed any port within 120 s: $(journalctl -q -n 3 -o cat -u swarm-farm-handover)" >&2
    exit 1
  }
  sleep 0.5
done
