# shellcheck shell=sh disable=SC2154 # of the program
# The part of the node's program that copies volumes.

back_up_volume() {
  case " ${PAUSED:-} " in
    *" $1 "*)
      hold "$1"
      (keep_volume "$1" _data) || status=$?
      release
      return "${status:-0}"
      ;;
  esac
  case " ${SNAPSHOT:-} " in
    *" $1 "*)
      copy_volume "$1"
      keep_volume "$1" _copy
      remove_copies
      ;;
    *) keep_volume "$1" _data ;;
  esac
}

# keep_volume NAME FOLDER: what lies in a folder of the volume.
keep_volume() {
  status=0
  backup --tag "volume:$1" "/volumes/$1/$2" </dev/null || status=$?
  # restic keeps the snapshot without files that it could not read.
  [ "$status" -ne 3 ] || fail "volume $1: files changed or vanished while they were read, the snapshot is without them: $(sed -n 1p "$work/errors")"
  [ "$status" -eq 0 ] || fail "volume $1: $(reason)"
}

# copy_volume NAME: a copy beside it, for which its containers stand still.
copy_volume() {
  folder=$(docker volume inspect -f '{{.Mountpoint}}' "$1")
  copy=${folder%/*}/_copy
  rm -rf "$copy"
  echo "$copy" >>"$state/copies"
  # A file system with reflinks copies no data.
  if [ "$(stat -f -c %T "$folder")" != btrfs ]; then
    needed=$(du -s -m "$folder" | cut -f1)
    free=$(df -m --output=avail "$folder" | sed -n '$p')
    [ "$((free - needed))" -ge 256 ] ||
      fail "volume $1: a copy of its $needed MiB does not fit into the $((free)) MiB that are free beside 256 MiB: make room, or set 'copy: paused', which needs none"
  fi
  hold "$1"
  status=0
  cp -a --reflink=auto "$folder" "$copy" 2>"$work/errors" || status=$?
  release
  [ "$status" -eq 0 ] || fail "volume $1: it could not be copied beside itself: $(sed -n '$p' "$work/errors")"
}

remove_copies() {
  [ -e "$state/copies" ] || return 0
  while read -r each; do rm -rf "$each"; done <"$state/copies"
  rm -f "$state/copies"
}

# hold VOLUME: its running containers stand still until they are released.
hold() {
  docker ps -q --no-trunc --filter "volume=$1" --filter status=running >"$state/held"
  since=$(date +%s)
  while read -r each; do docker pause "$each" >/dev/null || echo "the container $each of volume $1 could not be paused" >&2; done <"$state/held"
}

# Also after a run that was killed.
release() {
  [ -e "$state/held" ] || return 0
  while read -r each; do docker unpause "$each" >/dev/null 2>&1 || :; done <"$state/held"
  [ ! -s "$state/held" ] || echo "$(wc -l <"$state/held") containers stood still for $(($(date +%s) - ${since:-$(date +%s)})) s"
  rm -f "$state/held"
}
