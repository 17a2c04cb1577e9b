#!/bin/sh
# On a manager: puts the state of the swarm from the tar on standard input in the place of its own, which is kept beside it.
# Prints the folder that the former state is in, or nothing where there was none.
#   DATE     of the restore, as part of that folder's name
#   ENTRIES  how many files and folders the tar has
set -eu
umask 077
cd /var/lib/docker
restored=$(mktemp -d -p . restored-XXXXXX)
trap 'rm -rf "$restored"' EXIT
trap 'exit 1' HUP INT TERM
# Complete on the node before the former state moves.
tar -x --numeric-owner -C "$restored"
# A tar that is cut off between two files is none that tar complains of.
arrived=$(find "$restored/swarm" | wc -l)
if [ "$arrived" -ne "$ENTRIES" ]; then
  echo "$arrived of $ENTRIES files of the swarm's state arrived; nothing was changed" >&2
  exit 1
fi
systemctl stop docker.socket docker.service
if [ -e swarm ]; then
  kept=swarm-before-restore-$DATE
  mv swarm "$kept"
  echo "/var/lib/docker/$kept"
fi
mv "$restored/swarm" swarm
systemctl start docker.socket docker.service
