# shellcheck shell=sh disable=SC2154 # of the program
# The part of the node's program that reads snapshots: restores, and what a rehearsal of one needs.

# snapshot ID NODE: its kind and name as `kind` and `name`, of a backup that counts.
snapshot() {
  restic "$2" snapshots --json "$1" >"$work/snapshot" || fail "no snapshot '$1' of $2: $(reason)"
  ! grep -q '"unfinished"' "$work/snapshot" || fail "the snapshot '$1' is of a backup that was cut off: choose another of ./farm backup list"
  tag=$(grep -o '"\(volume\|dump\|swarm\):[^"]*"' "$work/snapshot" | sed -n 1p | tr -d '"')
  kind=${tag%%:*}
  name=${tag#*:}
  [ -n "$tag" ] || fail "no snapshot '$1' of $2: ./farm backup list has those that there are"
  # A volume's folder, or the copy of it that was read.
  base=$(grep -o '"paths":\["[^"]*"' "$work/snapshot" | sed 's|.*/||; s|"||')
  time=$(grep -o '"time":"[^".]*' "$work/snapshot" | cut -d'"' -f4)
}

# Refuses what a restore could not do, before anything is touched.
prepare() {
  find_task
  snapshot "$1" "$2"
  [ "$kind" != swarm ] || fail "the snapshot '$1' of $2 is the state of the swarm: ./farm restore $2:$1"
  if [ "$kind" = volume ]; then
    users=$(docker ps --filter "volume=$name" --format '{{.Label "com.docker.swarm.service.name"}} ({{.Names}})')
    [ -z "$users" ] ||
      fail "volume $name of $NODE is in use by $(echo "$users" | tr '\n' ' ' | sed 's/ $//'): scale the service to 0 with ./farm docker service scale NAME=0, and back when it is restored"
  else
    case " $DUMPS " in *" $name "*) ;; *) fail "the farm has no dump '$name' by now: add backups.dumps.$name" ;; esac
    to=$(container "$(dump_setting "$name" service)")
    [ -n "$to" ] || fail "the service '$(dump_setting "$name" service)', which loads the dump '$name', has no running task on $NODE: restore it to the node that has one"
  fi
}

tell() {
  prepare "$1" "$2"
  case $kind in
    dump)
      kept="but kept as another snapshot"
      [ -z "$no_lock" ] || kept="and not kept, since backups.readOnly is set"
      echo "$name on $NODE becomes what it was on $2 at $time: later changes are lost, $kept"
      ;;
    volume)
      if ! is_here "$name"; then
        echo "volume $name is made on $NODE, as it was on $2 at $time"
      else
        folder=$(docker volume inspect -f '{{.Mountpoint}}' "$name")
        echo "volume $name of $NODE ($(find "$folder" | wc -l) files) becomes what it was on $2 at $time; what it has is kept in ${folder%/*}"
      fi
      ;;
  esac
}

restore_volume() {
  is_here "$name" || docker volume create "$name" >/dev/null
  folder=$(docker volume inspect -f '{{.Mountpoint}}' "$name")
  new=$(mktemp -d -p "${folder%/*}" restored-XXXXXX)
  trap 'rm -rf "$new" "$work"' EXIT
  rm -f "$work/ended"
  { restic "$2" dump "$1" "/volumes/$name" && : >"$work/ended"; } | tar -x -p --numeric-owner -C "$new" ||
    fail "volume $name: the snapshot could not be unpacked, and nothing was changed: $(reason)"
  [ -e "$work/ended" ] || fail "volume $name: the snapshot could not be read whole, and nothing was changed: $(reason)"
  kept=${folder%/*}/before-restore-$(date -u +%Y%m%dT%H%M%SZ)
  mv "$folder" "$kept"
  mv "$new/volumes/$name/$base" "$folder"
  echo "volume $name of $NODE is restored; what it had: $kept"
}

restore_dump() {
  restic "$2" dump "$1" "/$name" >"$work/dump" || fail "dump $name: the snapshot could not be read whole, and nothing was changed: $(reason)"
  if [ -z "$no_lock" ]; then
    open_repository
    back_up_dump "$name"
  fi
  docker exec -i "$to" sh -c "$(dump_setting "$name" load)" <"$work/dump" 2>"$work/errors" >&2 ||
    fail "dump $name: its command to load it failed, run the restore again: $(reason)"
  kept=
  [ -n "$no_lock" ] || kept="; what it had: $NODE:$(ids "dump:$name" | sed -n '$p')"
  echo "$name on $NODE is restored$kept"
}

verify() {
  find_task
  snapshot "$1" "$2"
  restic "$2" ls --json "$1" >"$work/listed" || fail "snapshot '$1' of $2 cannot be listed: $(reason)"
  # The folder itself, and what is below it.
  wanted=$(grep -c -e "\"path\":\"/volumes/$name/${base}[\"/]" "$work/listed" || :)
  found=$(find "$(docker volume inspect -f '{{.Mountpoint}}' "$name")" -printf '.\n' | wc -l)
  echo "$found of $wanted files and folders"
  [ "$found" -eq "$wanted" ] || fail "volume $name of $NODE has $found files and folders, and its snapshot $wanted"
}

fetch() {
  find_task
  snapshot "$1" "$2"
  mkdir -p "$state/fetched"
  restic "$2" dump "$1" "/$name" >"$work/dump" || fail "dump $name: the snapshot could not be read whole: $(reason)"
  mv "$work/dump" "$state/fetched/$name"
}

# Rows that were added meanwhile are none that are missing; the last line of a dump may be its date.
load() {
  to=$(container "$(dump_setting "$1" service)")
  [ -n "$to" ] || fail "the service '$(dump_setting "$1" service)', which loads the dump '$1', has no running task on $NODE"
  cat >"$work/dump"
  docker exec -i "$to" sh -c "$(dump_setting "$1" load)" <"$work/dump" 2>"$work/errors" >&2 || fail "dump $1: its command to load it failed: $(reason)"
  docker exec -i "$to" sh -c "$(dump_setting "$1" dump)" </dev/null >"$work/again" 2>"$work/errors" || fail "dump $1: what was loaded cannot be dumped: $(reason)"
  lines=$(wc -l <"$work/dump") again=$(wc -l <"$work/again")
  bytes=$(wc -c <"$work/dump") bytes_again=$(wc -c <"$work/again")
  echo "$again of $lines lines, $bytes_again of $bytes bytes"
  { [ "$again" -ge "$lines" ] && [ "$((bytes_again * 100))" -ge "$((bytes * 99))" ]; } ||
    fail "dump $1: the database has less than what was loaded: $again of $lines lines, $bytes_again of $bytes bytes"
}
