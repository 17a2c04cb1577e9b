#!/bin/sh
# On a node: the folders that remember what has been sent, without which the tasks do not start.
#   FOLDER  holds them
set -eu
install -d -m 0700 "$FOLDER" "$FOLDER/tasks" "$FOLDER/journal"
