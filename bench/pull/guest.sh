#!/bin/sh
# A step of the measurement, on the node as root: guest.sh COMMAND [ARGUMENT]. It speaks to Docker's API, as Swarm does: a `docker` that
# starts would cost an emulated CPU more than some of what is measured.
# `pull` and `start` print lines: UNIT BEFORE AFTER, microseconds that a control group has used; `node` is all of it.
#   empty            an engine that has no image
#   forget IMAGE     removes the container, and the image if one is named
#   nothing          what a step by itself costs
#   pull IMAGE       pulls an image
#   start            creates and starts the container of standard input, JSON, and waits until it is healthy
set -eu
api() { curl -sS --fail-with-body --unix-socket /run/docker.sock "$@"; }
docker=http://docker/v1.45
used() {
  # The scheduler's nanoseconds, as control groups count: /proc/stat has ticks, of which some are lost while the host does other work.
  awk '/^cpu[0-9]/ { sum += $8 } END { printf "node %.0f\n", sum / 1000 }' /proc/schedstat
  for unit in docker containerd; do
    sed -n "s/^usage_usec/$unit/p" "/sys/fs/cgroup/system.slice/$unit.service/cpu.stat"
  done
}
# Pages that an earlier step left would spare this one its reads.
clean() {
  sync
  echo 3 >/proc/sys/vm/drop_caches
}
# print_use BEFORE AFTER
print_use() { printf '%s\n' "$1" | while read -r unit before; do echo "$unit $before $(printf '%s\n' "$2" | sed -n "s/^$unit //p")"; done; }

case $1 in
  empty)
    systemctl stop docker.socket docker
    rm -rf /var/lib/docker/image /var/lib/docker/overlay2
    systemctl start docker
    clean
    ;;
  forget)
    # One that is not there is removed.
    api -X DELETE "$docker/containers/bench?force=1&v=1" >/dev/null 2>&1 || true
    [ -z "${2:-}" ] || api -X DELETE "$docker/images/$2?force=1" >/dev/null 2>&1 || true
    clean
    ;;
  nothing)
    before=$(used)
    print_use "$before" "$(used)"
    ;;
  pull)
    before=$(used)
    answer=$(api -X POST "$docker/images/create?fromImage=$2")
    case $answer in *'"error"'*)
      printf '%s\n' "$answer" | tail -n 1 >&2
      exit 1
      ;;
    esac
    # The layers reach the disk.
    sync
    print_use "$before" "$(used)"
    ;;
  start)
    events=/run/bench-events
    rm -f $events
    mkfifo $events
    # Both ends, so that neither opening waits for the other.
    exec 3<>$events
    before=$(used)
    api -H 'Content-Type: application/json' -d @- "$docker/containers/create?name=bench" >/dev/null
    # Not by the function: a process of its own would be what is ended.
    curl -sS -N --unix-socket /run/docker.sock -G --data-urlencode 'filters={"container":["bench"],"event":["health_status","die"]}' \
      "$docker/events" >&3 2>/dev/null &
    watch=$!
    api -X POST "$docker/containers/bench/start"
    timeout 900 grep -m 1 -E '"Action":"(die|health_status: (un)?healthy)"' <&3 | grep -q ': healthy' || {
      kill $watch
      docker logs bench 2>&1 | tail -n 20 >&2
      exit 1
    }
    print_use "$before" "$(used)"
    kill $watch
    ;;
  *)
    echo "no command '$1'" >&2
    exit 2
    ;;
esac
