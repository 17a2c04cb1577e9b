#!/bin/sh
# Where Pulumi runs: writes files for `ssh` from standard input, a JSON object of their texts by name. @DIR@ in them stands
# for the folder.
#   FARM   the farm's name
#   FILES  names of the files
set -eu
. lib/ssh.sh
umask 077
mkdir -p "$ssh_folder"
texts=$(cat)
for file in $FILES; do
  printf '%s\n' "$texts" | jq -j --arg file "$file" '.[$file]' | sed "s|@DIR@|$ssh_folder|g" >"$ssh_folder/$file.new"
  mv "$ssh_folder/$file.new" "$ssh_folder/$file"
done
