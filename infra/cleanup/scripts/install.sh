#!/bin/sh
# On a node: installs its cleanup, or replaces it by one with other settings. It runs for the first time in the next night.
#   SETTINGS  text of its environment file
#   PROGRAM   text of the program
#   SERVICE   text of the systemd service
#   TIMER     text of the systemd timer
set -eu
. ../../remote/scripts/lib/put.sh

mkdir -p /etc/swarm-farm
# Under SELinux programs may be run from there.
put /usr/local/sbin/swarm-farm-cleanup 755 "$PROGRAM"
put /etc/systemd/system/swarm-farm-cleanup.service 644 "$SERVICE"
put /etc/systemd/system/swarm-farm-cleanup.timer 644 "$TIMER"
put /etc/swarm-farm/cleanup.env 644 "$SETTINGS"
systemctl daemon-reload
systemctl -q enable --now swarm-farm-cleanup.timer
