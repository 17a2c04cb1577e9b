# shellcheck shell=bash
# The keys and names that ssh needs. Pulumi writes them where it runs; another machine has them from the stack's outputs.

# write_ssh_files: makes the files those of the last update, wherever that ran.
write_ssh_files() {
  local dir=$FARM_HOME/ssh files said status=0
  ! ssh_files_are_current || return 0
  files=$(mktemp -d -p /dev/shm)
  said=$(cd "$REPO" && pulumi stack output sshFiles --show-secrets --json 2>&1 >"$files/json") || status=$?
  if [ "$status" -eq 0 ]; then
    (umask 077 && place_ssh_files "$dir" "$files/json")
  elif [ -e "$dir/id_ed25519" ]; then
    # What is there may still be right, and a backend that is away must not keep anybody from the nodes.
    say "the stack's ssh files cannot be read, those in $dir are used: $(pulumi_reason "$said")"
  else
    refuse_unless_absent "$said"
  fi
  rm -rf "$files"
}

# ssh_files_are_current: this machine wrote them, and no update ended since; with a backend that others use nobody knows. An
# update that failed here has written what it got to, and has no outputs.
ssh_files_are_current() {
  local state=${PULUMI_BACKEND_URL#file://}/.pulumi/stacks/swarm-farm/$FARM_STACK.json
  [ -e "$FARM_HOME/ssh/id_ed25519" ] || return 1
  case ${PULUMI_BACKEND_URL:-} in file://*) ;; *) return 1 ;; esac
  [ ! -e "$FARM_HOME/settled" ] || [ ! "$state" -nt "$FARM_HOME/ssh/written" ]
}

# place_ssh_files DIR JSON: writes what differs, and removes what belongs to nodes that are gone.
place_ssh_files() {
  local dir=$1 json=$2 name content file
  mkdir -p "$dir"
  while read -r name content; do
    base64 -d <<<"$content" | sed "s|@DIR@|$dir|g" >"$dir/.new"
    if cmp -s "$dir/.new" "$dir/$name"; then rm "$dir/.new"; else mv "$dir/.new" "$dir/$name"; fi
  done < <(jq -r 'to_entries[] | "\(.key) \(.value | @base64)"' "$json")
  for file in "$dir"/*.host "$dir"/*.known; do
    [ ! -e "$file" ] || jq -e --arg name "${file##*/}" 'has($name)' "$json" >/dev/null || rm "$file"
  done
  touch "$dir/written"
}

# refuse_unless_absent SAID: a stack that is not there, or has no outputs, has no nodes to reach; anything else is told.
refuse_unless_absent() {
  if is_no_stack "$1" || [[ $1 = *"does not have output property"* ]]; then return; fi
  die "the ssh files of stack '$FARM_STACK' cannot be read: $(pulumi_reason "$1")"
}
