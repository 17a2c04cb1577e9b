# shellcheck shell=bash
# `./farm backup [FILE|FOLDER]`: what only the farm has, in one encrypted file: the state of the swarm and the database.

farm_backup() {
  local file node date
  [ $# -le 1 ] || die "./farm backup takes one file or folder, or nothing"
  file=$(backup_path "${1:-}")
  need_passphrase
  unlock_stack
  write_ssh_files
  [ -e "$FARM_HOME/ssh/managers" ] || die "there is no farm '$FARM_STACK' to back up: ./farm up builds it"
  node=$(manager_to_copy)
  [ -n "$node" ] || die "no manager of the swarm answers: ./farm doctor"
  BACKUP_FOLDER=$(mktemp -d "$(dirname "$file")/.backup-XXXXXX")
  trap 'rm -rf "$BACKUP_FOLDER"' EXIT
  date=$(date -u +%Y-%m-%dT%H:%M:%SZ)
  step "swarm state" backup_swarm "$node"
  step mysql backup_mysql
  step "backup file" finish_backup "$node" "$file" "$date"
  say "$file"
  say "to restore: ./farm restore $file"
}

# backup_path FILE|FOLDER: absolute, and free; a dated name where it is a folder or nothing.
backup_path() {
  local to=$1 folder
  if [ -z "$to" ]; then
    to=$FARM_STATE/backups
    (umask 077 && mkdir -p "$to")
  fi
  [ ! -d "$to" ] || to=$to/$FARM_STACK-$(date -u +%Y-%m-%dT%H%M%SZ).backup
  folder=$(dirname "$to")
  [ -d "$folder" ] || die "$1: there is no folder $folder"
  [ -w "$folder" ] || die "$1: $folder cannot be written to"
  [ ! -e "$to" ] || die "$to is there already: name another file, or a folder"
  printf '%s/%s' "$(cd "$folder" && pwd)" "$(basename "$to")"
}

# manager_to_copy: one that does not lead, if there is one: the swarm does not notice that it is held.
manager_to_copy() {
  manager_says any.manager "docker node ls --filter role=manager --format '{{.ManagerStatus}} {{.Hostname}}'" |
    sort -r | awk '$1 ~ /^(Reachable|Leader)$/ && !found++ { print $2 }' || true
}

backup_swarm() {
  farm_node -n "$1" "$COPY_SWARM" | keep_part "$BACKUP_FOLDER" swarm.tar
  note "of $1 · $(size_of "$BACKUP_FOLDER/swarm.tar.gpg")"
}

# Docker writes the state whenever something changes, so that it has to stand still while it is copied. To stop it would stop
# every container of the node: in swarm mode none outlives it. So it is held for as long as a local copy takes, and they go on.
# What was copied is what a Docker that is killed leaves, and Swarm's log is made to be read after that; unlike after a power
# cut nothing is missing that was written and not yet on the disk. The log's files are mostly room for what is to come, and which
# containers the node has is its own business: a new disk has none.
# shellcheck disable=SC2016 # expanded on the node
readonly COPY_SWARM='set -eu
umask 077
docker=$(cat /run/docker.pid)
copy=$(mktemp -d -p /var/tmp)
# Whatever becomes of this shell, Docker goes on.
setsid sh -c "sleep 60; kill -CONT $docker" </dev/null >/dev/null 2>&1 &
guard=$!
trap "kill -CONT $docker; kill -TERM -$guard 2>/dev/null; rm -rf $copy" EXIT
trap "exit 1" HUP INT TERM
cd /var/lib/docker
find swarm -type d -exec mkdir -p "$copy/{}" \;
held() { ! grep -L "^State:.*stopped" /proc/"$docker"/task/*/status | grep -q .; }
kill -STOP "$docker"
tries=100
until held; do
  tries=$((tries - 1))
  [ "$tries" -gt 0 ] || { echo "Docker could not be held still" >&2; exit 1; }
  sleep 0.05
done
find swarm -type f ! -name "*.tmp" ! -path "swarm/worker/*" -exec cp -a --parents --sparse=always -t "$copy" {} +
held || { echo "Docker went on while its state was copied" >&2; exit 1; }
kill -CONT "$docker"
tar --sparse -C "$copy" -c swarm'

# Without the service there is none to back up; one that does not run is an error: whoever relies on the file relies on all of it.
backup_mysql() {
  if [ -z "$(farm_node -n any.manager "docker service ls --quiet --filter name=lamp-mysql")" ]; then
    note "none: lamp is not deployed"
    return
  fi
  find_mysql || {
    note "it does not run: ./farm docker service ps --no-trunc lamp-mysql"
    return 1
  }
  dump_mysql | keep_part "$BACKUP_FOLDER" mysql.sql
  note "database app of $MYSQL_NODE, tables: $(mysql_tables) · $(size_of "$BACKUP_FOLDER/mysql.sql.gpg")"
}

# finish_backup NODE FILE DATE
finish_backup() {
  local nodes info
  info=$(farm_node -n "$1" "docker info -f '{{json .}}'" | jq '{cluster: .Swarm.Cluster.ID, docker: .ServerVersion}')
  nodes=$(farm_node -n "$1" "docker node ls --format '{{json .}}'" | jq -s '[.[] | {name: .Hostname, id: .ID, manager: (.ManagerStatus != "")}]')
  write_backup "$BACKUP_FOLDER" "$(jq -n --arg stack "$FARM_STACK" --arg date "$3" --arg node "$1" \
    --argjson info "$info" --argjson nodes "$nodes" '{$stack, $date, $node, $nodes} + $info')"
  # As whoever restores it will: a file that cannot be read is worth nothing.
  open_backup "$BACKUP_FOLDER/backup"
  chmod 0600 "$BACKUP_FOLDER/backup"
  # A name that was free when this began may have been taken since.
  mv -n "$BACKUP_FOLDER/backup" "$2"
  [ ! -e "$BACKUP_FOLDER/backup" ] || die "$2 is there by now: it is not written over"
  note "$(size_of "$2"), encrypted, read back · passphrase: $(passphrase_place)"
}

size_of() { stat -c %s "$1" | numfmt --to=iec-i --suffix=B; }
