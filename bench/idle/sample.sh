#!/bin/sh
# CPU and memory of a node by program: `sh -s SECONDS` on the node as root.
# Each line: KIND NAME CPU MEMORY. CPU in microseconds of the interval; MEMORY in bytes at its end, that of a control group without
# pages of files. KIND: `node`, `unit` (of systemd), `container`, `program` (a part of a unit, without the processes it started).
# A control group counts processes that lived shorter than the interval, which /proc does not.
set -eu
export LC_ALL=C
root=${IDLE_CGROUPS:-/sys/fs/cgroup}

# Busy time of all processors, in ticks of 10 ms.
busy() { awk '/^cpu / { print $2 + $3 + $4 + $7 + $8 }' /proc/stat; }
groups() {
  # Docker's cgroupfs driver has a folder for each container, its systemd driver a scope.
  for folder in "$root"/system.slice/*.service "$root"/docker/*/ "$root"/system.slice/docker-*.scope; do
    folder=${folder%/}
    [ -r "$folder/cpu.stat" ] || continue
    awk -v group="${folder#"$root"/}" '/^usage_usec / { print group, $2 }' "$folder/cpu.stat"
  done
}
programs() {
  for name in dockerd containerd; do
    for folder in /proc/[0-9]*; do
      read -r found 2>/dev/null <"$folder/comm" || continue
      [ "$found" = "$name" ] || continue
      sed 's/.*) //' "$folder/stat" | awk -v name="$name" '{ print name, $12 + $13 }'
      break
    done
  done
}
memory_of() { awk '/^(anon|kernel) / { sum += $2 } END { printf "%.0f", sum }' "$root/$1/memory.stat" 2>/dev/null || echo 0; }
resident() { for folder in /proc/[0-9]*; do
  read -r found 2>/dev/null <"$folder/comm" || continue
  [ "$found" = "$1" ] || continue
  awk '/^RssAnon:/ { print $2 * 1024 }' "$folder/status"
  break
done; }

before=$(busy) groups_before=$(groups) programs_before=$(programs)
sleep "$1"
after=$(busy) groups_after=$(groups) programs_after=$(programs)
names=$(docker ps --no-trunc --format '{{.ID}} {{.Names}}')

awk -v ticks=$((after - before)) '/^MemTotal:/ { total = $2 } /^MemAvailable:/ { printf "node - %.0f %.0f\n", ticks * 10000, (total - $2) * 1024 }' /proc/meminfo
printf '%s\n' "$groups_after" | while read -r group usage; do
  # One that came in between has used all of it since.
  used=$(printf '%s\n' "$groups_before" | awk -v group="$group" -v usage="$usage" '$1 == group { usage -= $2 } END { printf "%.0f", usage }')
  name=${group##*/}
  case $group in
    system.slice/*.service)
      echo "unit ${name%.service} $used $(memory_of "$group")"
      continue
      ;;
  esac
  id=${name#docker-} id=${id%.scope}
  name=$(printf '%s\n' "$names" | awk -v id="$id" '$1 == id { print $2 }')
  echo "container ${name:-$id} $used $(memory_of "$group")"
done
printf '%s\n' "$programs_after" | while read -r name ticks; do
  [ -n "$name" ] || continue
  used=$(printf '%s\n' "$programs_before" | awk -v name="$name" -v ticks="$ticks" '$1 == name { ticks -= $2 } END { print ticks * 10000 }')
  echo "program $name $used $(resident "$name")"
done
