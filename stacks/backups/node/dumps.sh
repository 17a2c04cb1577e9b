# shellcheck shell=sh disable=SC2154 # of the program
# The part of the node's program that keeps dumps of databases.

dump_setting() { eval "printf %s \"\$dump_$1_$2\""; }

# A dump that ends early looks whole to restic, so that its snapshot counts only once the command has ended well.
back_up_dump() {
  from=$(container "$(dump_setting "$1" service)")
  rm -f "$work/ended"
  {
    docker exec -i "$from" sh -c "$(dump_setting "$1" dump)" </dev/null 2>"$work/dump-errors" && : >"$work/ended"
  } | backup --tag "dump:$1,unfinished" --stdin --stdin-filename "$1" || fail "dump $1: $(reason)"
  [ -e "$work/ended" ] || fail "dump $1: its command failed, and the snapshot does not count: $(sed -n '$p' "$work/dump-errors")"
  finish "dump:$1" || fail "dump $1: $(reason)"
}
