# shellcheck shell=bash
# A libvirt provider that waits forever is killed, so that Pulumi's run ends too, and can be repeated.

# A seed is read back once it is made. go-libvirt, which terraform-provider-libvirt 0.8.3 does that with, can wait forever at
# the end of a stream: Libvirt.callback sends to whoever has just gone, and holds the lock that going takes. The provider
# answers nothing then, and Pulumi waits for it without a limit. A seed has less than a megabyte.
readonly SEED_SECONDS=120

# stuck_providers RUN: the libvirt providers of a run of Pulumi that have had a seed open for longer than that.
stuck_providers() {
  local pid link file now
  now=$(date +%s)
  # The kernel keeps fifteen characters of a program's name.
  while read -r pid; do
    grep -qzx "FARM_RUN=$1" "/proc/$pid/environ" 2>/dev/null || continue
    for link in /proc/"$pid"/fd/*; do
      file=$(readlink "$link") || continue
      if [[ $file = */cloudinit* && $((now - $(stat -c %Y "$file" 2>/dev/null || echo "$now"))) -ge $SEED_SECONDS ]]; then
        echo "$pid"
        break
      fi
    done
  done < <(grep -lsx terraform-provi /proc/[0-9]*/comm | cut -d/ -f3)
}

# unstick RUN MARK: ends such providers for as long as the calling script lives; MARK is there once it has ended one.
unstick() {
  local pid
  while sleep 5 && [ -d "/proc/$$" ]; do
    for pid in $(stuck_providers "$1"); do
      : >"$2"
      kill -KILL "$pid" || true
    done
  done
}

# watched COMMAND...: runs it as a run of Pulumi; ends with 75, "try again", where its provider had to be ended.
watched() {
  local status=0 run=$$-$RANDOM mark watcher
  mark=$(mktemp -u)
  unstick "$run" "$mark" </dev/null >/dev/null 2>&1 3>&- &
  watcher=$!
  FARM_RUN=$run "$@" || status=$?
  kill "$watcher" || true
  wait "$watcher" 2>/dev/null || true
  [ -e "$mark" ] || return "$status"
  rm -f "$mark"
  return 75
}
