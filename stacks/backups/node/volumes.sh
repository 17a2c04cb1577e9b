# shellcheck shell=sh disable=SC2154 # of the program
# The part of the node's program that copies volumes.

is_here() { docker volume inspect "$1" >/dev/null 2>&1; }

back_up_volume() {
  how=live
  case " ${PAUSED:-} " in *" $1 "*) how=paused ;; esac
  case " ${SNAPSHOT:-} " in *" $1 "*) how=snapshot ;; esac
  status=0
  # In a shell of its own: what it has stopped goes on also after `fail`.
  ("keep_$how" "$1") || status=$?
  release || status=1
  remove_copies
  return "$status"
}

keep_live() { keep_volume "$1" _data "volume:$1"; }

keep_paused() {
  hold "$1"
  keep_held "$1" _data
}

keep_snapshot() {
  copy_volume "$1"
  keep_held "$1" _copy
}

# keep_held NAME FOLDER: restic goes on in its task after a run that was killed, while containers do too, or the copy is removed. So the
# snapshot counts only once it has ended.
keep_held() {
  keep_volume "$1" "$2" "volume:$1,unfinished"
  finish "volume:$1" || fail "volume $1: $(reason)"
}

# keep_volume NAME FOLDER TAGS: what lies in a folder of the volume.
keep_volume() {
  status=0
  backup --tag "$3" "/volumes/$1/$2" </dev/null || status=$?
  # restic keeps the snapshot without files that it could not read.
  [ "$status" -ne 3 ] || fail "volume $1: files changed or vanished while they were read, the snapshot is without them: $(sed -n 1p "$work/errors")"
  [ "$status" -eq 0 ] || fail "volume $1: $(reason)"
}

# copy_volume NAME: a copy beside it, for which its containers stand still.
copy_volume() {
  folder=$(docker volume inspect -f '{{.Mountpoint}}' "$1") || fail "volume $1: Docker does not say where it is"
  copy=${folder%/*}/_copy
  rm -rf "$copy"
  echo "$copy" >>"$state/copies"
  # A file system with reflinks copies no data; a volume may be mounted from another one.
  if [ "$(stat -f -c %T "${folder%/*}")" != btrfs ] || mountpoint -q "$folder"; then
    needed=$(du -s -m "$folder" | cut -f1)
    free=$(df -m --output=avail "${folder%/*}" | sed -n '$p')
    [ "$((free - needed))" -ge 256 ] ||
      fail "volume $1: a copy of its $needed MiB does not fit into the $((free)) MiB that are free beside 256 MiB: make room, or set 'copy: paused', which needs none"
  fi
  hold "$1"
  status=0
  cp -a --reflink=auto "$folder" "$copy" 2>"$work/errors" || status=$?
  release || exit 1
  [ "$status" -eq 0 ] || fail "volume $1: it could not be copied beside itself: $(sed -n '$p' "$work/errors")"
}

remove_copies() {
  [ -e "$state/copies" ] || return 0
  while read -r each; do rm -rf "$each"; done <"$state/copies"
  rm -f "$state/copies"
}

# running VOLUME: containers that have it and do not stand still.
running() { docker ps -q --no-trunc --filter "volume=$1" --filter status=running; }

# hold VOLUME: its running containers stand still until they are released. One that a person has paused is none of them.
hold() {
  running "$1" >>"$state/held" || fail "volume $1: Docker does not say which containers have it"
  while read -r each; do docker pause "$each" >/dev/null || :; done <"$state/held"
  { left=$(running "$1") && [ -z "$left" ]; } ||
    fail "volume $1: containers that have it could not be paused, and would have changed it: $(echo "$left" | tr '\n' ' ')"
}

# Also after a run that was killed. A container that does not go on stays in the list, for the next run.
release() {
  [ -e "$state/held" ] || return 0
  while read -r each; do docker unpause "$each" >/dev/null 2>&1 || :; done <"$state/held"
  [ ! -s "$state/held" ] || echo "$(wc -l <"$state/held") containers stood still for $(($(date +%s) - $(stat -c %Y "$state/held"))) s"
  if ! docker ps -q --no-trunc --filter status=paused >"$work/paused" || grep -q -F -x -f "$state/held" "$work/paused"; then
    echo "containers of $NODE may still be paused, the next run tries again; by hand: docker unpause $(tr '\n' ' ' <"$state/held")" >&2
    return 1
  fi
  rm -f "$state/held"
}

# What a run that was killed may have left.
undo() {
  wake_docker
  status=0
  release || status=$?
  remove_copies
  return "$status"
}
