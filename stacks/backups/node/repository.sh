# shellcheck shell=sh disable=SC2154 # of the program
# The part of the node's program that finds its repository.

# restic asks whether there is a repository also where the target is away.
is_none() {
  grep -q -e "config: no such file or directory" -e "specified key does not exist" -e "config file: .*: file does not exist" "$work/errors"
}

# The repository that this node has always had, or a new one on the first run. One that is gone is no reason for a new one: its folder may
# not be mounted.
open_repository() {
  if restic "$NODE" cat config >"$work/config"; then
    id=$(sed -n 's/.*"id": *"\([0-9a-f]*\)".*/\1/p' "$work/config")
    [ ! -e "$state/repository" ] || [ "$(cat "$state/repository")" = "$id" ] ||
      fail "the target has another repository than before: put the former one back, or on $NODE: rm $state/repository"
  elif is_none; then
    [ ! -e "$state/repository" ] ||
      fail "the repository is gone from the target: mount or restore the target, or for a new one on $NODE: rm $state/repository"
    restic "$NODE" init >"$work/config" || fail "no repository can be made: $(reason)"
    restic "$NODE" cat config >"$work/config" || fail "$(reason)"
    id=$(sed -n 's/.*"id": *"\([0-9a-f]*\)".*/\1/p' "$work/config")
  else
    fail "the target cannot be read: $(reason)"
  fi
  echo "$id" >"$state/repository"
}
