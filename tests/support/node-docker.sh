#!/bin/sh
# Docker's client as the backups of a node call it, for tests with the real restic: containers are files of the folder $FAKE_NODE.
#   containers/SERVICE   a task of a service
#   users/VOLUME         what has a volume in use
#   holders/VOLUME       the ids of the containers that have a volume; what was done to them is in the file `held`
#   volumes/VOLUME/_data
#   manager              it is a manager, and these are the nodes that it lists
# A command in the task of the service 'backups' sees the volumes at /volumes, and the target at /backups, in mounts of its own.
set -eu
here=$FAKE_NODE

# inside COMMAND...: with all of this machine's folders, and those two.
inside() {
  # shellcheck disable=SC2016 # the inner shell's variables
  exec unshare -m sh -c '
    root=$1 here=$2
    shift 2
    mount --make-rprivate /
    mount -t tmpfs tmpfs "$root"
    for each in /*; do
      if [ -L "$each" ]; then cp -P "$each" "$root/"; elif [ -d "$each" ]; then mkdir "$root$each" && mount --rbind "$each" "$root$each"; fi
    done
    mkdir -p "$root/volumes" "$root/backups"
    mount --bind "$here/volumes" "$root/volumes"
    mount --bind "$here/target" "$root/backups"
    exec chroot "$root" "$@"' sh "$here/root" "$here" "$@"
}

case "$1 $2" in
  "info -f")
    if [ ! -e "$here/manager" ]; then echo false; elif [ "$3" = '{{json .}}' ]; then
      echo '{"ServerVersion":"26.1.5","Swarm":{"Cluster":{"ID":"cluster1"}}}'
    else echo true; fi
    ;;
  "node ls") cat "$here/manager" ;;
  "pause "* | "unpause "*) echo "$1 $2" >>"$here/held" ;;
  "ps -q")
    if [ "$3" = --no-trunc ]; then
      all=$(cat "$here/holders/"* 2>/dev/null || :)
      case $5 in volume=*) all=$(cat "$here/holders/${5#volume=}" 2>/dev/null || :) ;; esac
      for each in $all; do
        last=$(grep -s " $each\$" "$here/held" | sed -n '$p')
        case "$last $*" in "pause "*=paused | "un"*=running | " "*=running) echo "$each" ;; esac
      done
      exit
    fi
    service=${4##*=}
    if [ -e "$here/containers/$service" ]; then echo "$service"; fi
    ;;
  "ps --filter") cat "$here/users/${3#volume=}" 2>/dev/null || : ;;
  "volume inspect")
    for name; do :; done
    [ -d "$here/volumes/$name" ] || exit 1
    echo "$here/volumes/$name/_data"
    ;;
  "volume create") mkdir -p "$here/volumes/$3/_data" ;;
  "exec -i")
    container=$3
    shift 3
    if [ "$container" = backups ]; then
      shift
      inside sh "$REPOSITORY_SCRIPT" "$@"
    else
      cd "$here"
      exec "$@"
    fi
    ;;
  *)
    echo "unexpected: docker $*" >&2
    exit 125
    ;;
esac
