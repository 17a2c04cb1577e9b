#!/bin/sh
# One sample of a node: `sh -s [deep]` on the node as root; tests/unit/bench runs it on any Linux.
# Each line: KEY VALUE LIMIT KIND NOTE. LIMIT is `-` where there is none. KIND: `hard`, `rotates` (something keeps VALUE
# under LIMIT), or `rotates-seen` (and it has done so on this node). `deep` adds the folders that are slow to measure.
# Reads /proc itself: the guest image has no procps.
export LC_ALL=C
docker=${ENDURANCE_DOCKER:-/var/lib/docker}
row() { printf '%s %s %s %s %s\n' "$1" "$2" "${3:--}" "${4:-hard}" "${5:-}"; }
first() { [ -r "$1" ] && awk 'NR == 1 { print $1 }' "$1" 2>/dev/null; }

# The lesser of both is reached first; pid_max counts threads too.
threads_max=$(first /proc/sys/kernel/threads-max)
pid_max=$(first /proc/sys/kernel/pid_max)
threads_limit=${threads_max:-${pid_max:--}}
if [ -n "$pid_max" ] && [ -n "$threads_max" ] && [ "$pid_max" -lt "$threads_max" ]; then threads_limit=$pid_max; fi
memory=$(awk '/^MemTotal:/ { print $2 * 1024 }' /proc/meminfo)

# Memory is what a process has for itself: pages of files and shared ones count in memory-used, once.
# A glob counts open files without a process for each.
for folder in /proc/[0-9]*; do
  set -- "$folder"/fd/*
  if [ -e "$1" ] || [ -L "$1" ]; then echo "${folder#/proc/} $#"; else echo "${folder#/proc/} 0"; fi
done | awk -v threads_limit="$threads_limit" -v memory="$memory" '
  BEGIN { split("dockerd containerd containerd-shim nginx haproxy php-fpm mysqld mariadbd docker-registry exporter prometheus sshd systemd systemd-journal", names); for (i in names) ours[names[i]] = 1 }
  function label(pid, name,   line, words, part) {
    sub(/^php-fpm.*/, "php-fpm", name); sub(/^containerd-shim.*/, "containerd-shim", name)
    if (name == "node" || name == "MainThread") {
      line = ""
      part = "tr \"\\000\" \" \" 2>/dev/null </proc/" pid "/cmdline"
      part | getline line; close(part)
      split(line, words, " ")
      # Health checks are short-lived processes of the same program.
      if (words[2] !~ /\.js$/ || (words[3] != "" && words[3] != "run")) return "other"
      sub(/.*\//, "", words[2]); sub(/\.js$/, "", words[2])
      return "node:" words[2]
    }
    return name in ours ? name : "other"
  }
  {
    pid = $1; fds = $2; file = "/proc/" pid "/status"; name = ""; state = ""; own = 0; count = 0
    while ((getline line < file) > 0) {
      split(line, field, /[ \t]+/)
      if (field[1] == "Name:") name = field[2]
      else if (field[1] == "State:") state = field[2]
      else if (field[1] == "RssAnon:") own = field[2] * 1024
      else if (field[1] == "Threads:") { count = field[2]; break }
    }
    close(file)
    if (name == "") next
    processes++; threads += count
    if (state == "Z") { zombies++; next }
    if (own == 0) next
    program = label(pid, name)
    seen[program]++; sumOwn[program] += own; sumThreads[program] += count
    if (fds >= most[program] + 0) {
      most[program] = fds
      file = "/proc/" pid "/limits"
      while ((getline line < file) > 0) if (line ~ /^Max open files/) { split(line, field, /[ \t]+/); open[program] = field[4] }
      close(file)
    }
    group = ""; file = "/proc/" pid "/cgroup"
    while ((getline line < file) > 0) if (line ~ /^0::/) group = substr(line, 4)
    close(file)
    if (!((program, group) in counted)) {
      counted[program, group] = 1; max = "max"; file = "/sys/fs/cgroup" group "/memory.max"
      if ((getline line < file) > 0) max = line
      close(file)
      allowed[program] += (max == "max" || max == "") ? memory : max
    }
  }
  END {
    printf "processes %d %s hard threads-max, pid_max\n", processes, threads_limit
    printf "zombies %d %s hard threads-max, pid_max\n", zombies, threads_limit
    printf "threads %d %s hard threads-max, pid_max\n", threads, threads_limit
    for (program in seen) {
      limit = allowed[program] < memory ? allowed[program] : memory
      printf "memory/%s %.0f %.0f hard memory limit\n", program, sumOwn[program], limit
      printf "threads/%s %d %s hard threads-max, pid_max\n", program, sumThreads[program], threads_limit
      printf "open-files/%s %d %s hard most of one process, its own limit\n", program, most[program], open[program] == "" || open[program] == "unlimited" ? "-" : open[program]
    }
  }'

awk '{ printf "open-files %d %.0f hard file-max\n", $1, $3 }' /proc/sys/fs/file-nr 2>/dev/null
awk -v memory="$memory" '/^MemAvailable:/ { printf "memory-used %.0f %.0f hard memory of the node\n", memory - $2 * 1024, memory }' /proc/meminfo

# disk KEY FOLDER: what is used of a file system, and how many of its inodes.
disk() {
  [ -d "$2" ] || return 0
  df -kP "$2" | awk -v key="disk/$1" 'NR == 2 { printf "%s %.0f %.0f hard size of the disk\n", key, $3 * 1024, ($3 + $4) * 1024 }'
  df -iP "$2" 2>/dev/null | awk -v key="inodes/$1" 'NR == 2 && $2 > 0 { printf "%s %d %d hard inodes of the disk\n", key, $3, $2 }'
}
disk root /
[ ! -d "$docker" ] || [ "$(stat -c %d / 2>/dev/null)" = "$(stat -c %d "$docker" 2>/dev/null)" ] || disk docker "$docker"

disk_size=$(df -kP "$([ -d "$docker" ] && echo "$docker" || echo /)" | awk 'NR == 2 { printf "%.0f", ($3 + $4) * 1024 }')
# bytes FOLDER...: of files and folders on the same file system.
bytes() { du -xskc "$@" 2>/dev/null | awk 'END { printf "%.0f", $1 * 1024 }'; }
# folder KEY FOLDER [LIMIT KIND NOTE]
folder() { [ ! -d "$2" ] || row "folder/$1" "$(bytes "$2")" "${3:-$disk_size}" "${4:-hard}" "${5:-size of the disk}"; }

api() { curl -s --max-time 20 --unix-socket /var/run/docker.sock "http://docker$1" 2>/dev/null; }
number() { sed -n "s/.*\"$1\":\([0-9][0-9]*\).*/\1/p" | head -n 1; }
swarm=''
if [ -S /var/run/docker.sock ] && [ -d "$docker/swarm/raft" ]; then swarm=$(api /swarm | tr -d '\n'); fi
interval=$(printf '%s\n' "$swarm" | number SnapshotInterval)
for raft in "$docker"/swarm/raft/wal*; do
  [ ! -d "$raft" ] || folder raft-log "$raft" "" "" "size of the disk; a snapshot every ${interval:-?} entries"
done
for raft in "$docker"/swarm/raft/snap*; do [ ! -d "$raft" ] || folder raft-snapshots "$raft"; done

# The value of systemd's own configuration; 16M is written there.
journal_max=$(sed -n 's/^RuntimeMaxUse=\([0-9]*\)M$/\1/p' /etc/systemd/journald.conf.d/*.conf 2>/dev/null | tail -n 1)
for journal in /run/log/journal /var/log/journal; do
  [ -d "$journal" ] || continue
  kind=rotates
  for archived in "$journal"/*/*@*.journal; do [ ! -e "$archived" ] || kind=rotates-seen; done
  if [ "$journal" = /run/log/journal ] && [ -n "$journal_max" ]; then
    folder "journal" "$journal" $((journal_max * 1048576)) "$kind" RuntimeMaxUse
  else folder "journal$journal" "$journal"; fi
done
folder var-log /var/log

# The biggest log of one container, with its rotated files.
log_size=$(sed -n 's/.*"max-size": *"\([0-9]*\)m".*/\1/p' /etc/docker/daemon.json 2>/dev/null)
log_files=$(sed -n 's/.*"max-file": *"\([0-9]*\)".*/\1/p' /etc/docker/daemon.json 2>/dev/null)
biggest=0 kind=rotates count=0
for container in "$docker"/containers/*/; do
  [ -d "$container" ] || continue
  size=0 count=$((count + 1))
  for log in "$container"*-json.log*; do
    [ -f "$log" ] || continue
    size=$((size + $(stat -c %s "$log" 2>/dev/null || echo 0)))
    case $log in *.log.*) kind=rotates-seen ;; esac
  done
  [ "$size" -le "$biggest" ] || biggest=$size
done
if [ -n "$log_size" ] && [ -n "$log_files" ]; then
  most=$((log_size * log_files * 1048576))
  row container-log "$biggest" "$most" "$kind" "biggest of one container; max-size x max-file"
  # Beside their logs, containers have a few small files.
  folder containers "$docker/containers" $((count * most)) "$kind" "logs of $count containers"
else
  row container-log "$biggest" "$disk_size" hard "biggest of one container"
  folder containers "$docker/containers"
fi

for process in /proc/[0-9]*; do
  name=''
  read -r name 2>/dev/null <"$process/comm" || continue
  if [ "$name" != prometheus ] || [ ! -d "$process/root/tmp/prometheus" ]; then continue; fi
  limit=$(tr '\0' '\n' <"$process/cmdline" | sed -n 's/^--storage.tsdb.retention.size=\([0-9]*\)MB$/\1/p')
  # Prometheus' MB are powers of two. The write-ahead log is cut with the blocks.
  if [ -n "$limit" ]; then
    folder prometheus "$process/root/tmp/prometheus" $((limit * 1048576)) rotates "retention.size"
  else folder prometheus "$process/root/tmp/prometheus"; fi
  break
done

if [ -S /var/run/docker.sock ]; then
  row images "$(api /images/json | grep -o '"RepoTags":' | wc -l)"
  row containers "$(api '/containers/json?all=1' | grep -o '"ImageID":' | wc -l)"
  if [ -n "$swarm" ]; then
    history=$(printf '%s\n' "$swarm" | number TaskHistoryRetentionLimit)
    tasks=$(api /tasks | tr ',{}' '[\n*]' | grep '^"DesiredState":')
    wanted=$(printf '%s\n' "$tasks" | grep -c '"running"')
    row tasks "$(printf '%s\n' "$tasks" | grep -c .)" $((wanted * (${history:-5} + 1))) rotates "TaskHistoryRetentionLimit ${history:-5} for each running task"
  fi
fi

[ "${1:-}" = deep ] || exit 0
for name in image overlay2 swarm volumes buildkit; do folder "$name" "$docker/$name"; done
for volume in "$docker"/volumes/*/; do
  [ -d "$volume" ] || continue
  name=${volume%/}
  folder "volume/${name##*/}" "$volume"
done
exit 0
