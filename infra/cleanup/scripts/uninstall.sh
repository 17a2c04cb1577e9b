#!/bin/sh
# On a node: stops its cleanup and removes it.
set -eu
systemctl -q disable --now swarm-farm-cleanup.timer || true
rm -rf /usr/local/sbin/swarm-farm-cleanup /etc/systemd/system/swarm-farm-cleanup.service /etc/systemd/system/swarm-farm-cleanup.timer \
  /etc/swarm-farm/cleanup.env /var/lib/swarm-farm/cleanup
systemctl daemon-reload
