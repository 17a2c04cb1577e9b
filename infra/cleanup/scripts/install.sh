#!/bin/sh
# On a node: installs its cleanup, or replaces it by one with other settings. It runs for the first time in the next night.
#   SETTINGS  text of its environment file
#   PROGRAM   text of the program
#   SERVICE   text of the systemd service
#   TIMER     text of the systemd timer
set -eu

# put FILE MODE TEXT: a run that is under way continues with the file that it has open.
put() {
  printf %s "$3" >"$1.new"
  chmod "$2" "$1.new"
  mv "$1.new" "$1"
}

mkdir -p /etc/swarm-farm
# Under SELinux programs may be run from there.
put /usr/local/sbin/swarm-farm-cleanup 755 "$PROGRAM"
put /etc/systemd/system/swarm-farm-cleanup.service 644 "$SERVICE"
put /etc/systemd/system/swarm-farm-cleanup.timer 644 "$TIMER"
put /etc/swarm-farm/cleanup.env 644 "$SETTINGS"
systemctl daemon-reload
systemctl -q enable --now swarm-farm-cleanup.timer
