#!/bin/sh
# Where Pulumi runs: removes files for `ssh`, and their folder with the last one.
#   FARM   the farm's name
#   FILES  names of the files
set -eu
. lib/ssh.sh
for file in $FILES; do rm -f "$ssh_folder/$file"; done
rmdir "$ssh_folder" 2>/dev/null || true
