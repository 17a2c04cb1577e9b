#!/bin/sh
# On a node: installs its backups, or replaces them by those with other settings. A run that is under way goes on with what it has.
#   FOLDER    the folder that the repositories are in; empty where they are elsewhere
#   SETTINGS  text of the program's settings
#   PROGRAM   text of the program
#   SERVICE   text of the systemd service
#   TIMER     text of the systemd timer; empty where nothing is to be backed up
set -eu
. ../../../infra/remote/scripts/lib/put.sh

mkdir -p /etc/swarm-farm
install -d -m 0700 /var/lib/swarm-farm/backups /var/lib/swarm-farm/backups/cache
[ -z "$FOLDER" ] || mkdir -p "$FOLDER"
# Under SELinux programs may be run from there.
put /usr/local/sbin/swarm-farm-backups 755 "$PROGRAM"
put /etc/systemd/system/swarm-farm-backups.service 644 "$SERVICE"
put /etc/swarm-farm/backups.env 600 "$SETTINGS"
if [ -z "$TIMER" ]; then
  systemctl -q disable --now swarm-farm-backups.timer 2>/dev/null || true
  rm -f /etc/systemd/system/swarm-farm-backups.timer
  systemctl daemon-reload
  exit
fi
put /etc/systemd/system/swarm-farm-backups.timer 644 "$TIMER"
systemctl daemon-reload
systemctl -q enable swarm-farm-backups.timer
# A timer takes another schedule only when it is started.
systemctl restart swarm-farm-backups.timer
