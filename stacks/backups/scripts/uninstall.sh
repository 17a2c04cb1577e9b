#!/bin/sh
# On a node: ends its backups. The repositories stay, and how to find them (/var/lib/swarm-farm/backups).
set -eu
systemctl -q disable --now swarm-farm-backups.timer || true
rm -rf /usr/local/sbin/swarm-farm-backups /etc/systemd/system/swarm-farm-backups.service /etc/systemd/system/swarm-farm-backups.timer \
  /etc/swarm-farm/backups.env /var/lib/swarm-farm/backups/cache /var/lib/swarm-farm/metrics/backups.prom
systemctl daemon-reload
