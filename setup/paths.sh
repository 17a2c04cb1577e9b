# shellcheck shell=bash
# Where everything lies. Caches can be deleted at any time; state belongs to a farm; the passphrase to the person.
FARM_CACHE=${XDG_CACHE_HOME:-$HOME/.cache}/swarm-farm
FARM_STATE=${XDG_STATE_HOME:-$HOME/.local/state}/swarm-farm
FARM_CONFIG=${XDG_CONFIG_HOME:-$HOME/.config}/swarm-farm
FARM_LOGS=$FARM_CACHE/logs

# The stack names the farm: PULUMI_STACK as Pulumi reads it, else dev.
FARM_STACK=${PULUMI_STACK:-dev}
FARM_HOME=$FARM_STATE/$FARM_STACK

# Pulumi's own folder, with the plugins: no other project gets those that we built. Who is logged in with Pulumi stays so.
OWN_PULUMI_HOME=$FARM_CACHE/pulumi-home
PLUGIN_HOME=${PULUMI_HOME:-$OWN_PULUMI_HOME}
CREDENTIALS_HOME=${PULUMI_CREDENTIALS_PATH:-${PULUMI_HOME:-$HOME/.pulumi}}

# content_hash PATH...: one short name for the content of files and folders, documentation and installed modules left out.
content_hash() {
  find "$@" \( -name node_modules -o -name dist \) -prune -o -type f ! -name '*.md' -print0 | LC_ALL=C sort -z | xargs -0 sha256sum | sed "s|$REPO/||" | sha256sum | cut -c1-16
}

# need_space PATH MIB WHAT: refuses to begin what would fill the disk.
need_space() {
  local at=$1 free
  while [ ! -d "$at" ]; do at=$(dirname "$at"); done
  free=$(df --output=avail -m "$at" | tail -n 1 | tr -d ' ')
  [ "$free" -ge "$2" ] || {
    note "$3 needs $2 MiB in $at, $free MiB are free: free some space or set XDG_CACHE_HOME and XDG_STATE_HOME"
    return 1
  }
}
