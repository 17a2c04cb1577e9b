# shellcheck shell=bash
# The database's client, inside of its task: there alone it is reached without a network and its password is a file.

# find_mysql: sets MYSQL_NODE and MYSQL_CONTAINER; fails where no task runs.
find_mysql() {
  local state
  read -r MYSQL_NODE MYSQL_CONTAINER state < <(farm_node -n any.manager \
    "docker service ps lamp-mysql --no-trunc --filter desired-state=running --format '{{.Node}} {{.Name}}.{{.ID}} {{.CurrentState}}'" 2>/dev/null) &&
    [[ $state = Running* ]]
}

# with_mysql PROGRAM ARGS...: as the site's user, with this one's input. The password comes to the program by a pipe.
with_mysql() {
  # shellcheck disable=SC2016 # expanded in the task
  local script='set -eu
exec 4<&0
{ printf "[client]\nuser=app\npassword=\""; tr -d "\n" </run/secrets/mysql-password | sed "s/\\\\/\\\\\\\\/g"; printf "\"\n"; } |
  { program=$1; shift; "$program" --defaults-extra-file=/dev/fd/3 "$@" 3<&0 <&4 4<&-; }'
  farm_node "$MYSQL_NODE" "docker exec -i $MYSQL_CONTAINER sh -c $(shell_quoted "$script") sh$(printf ' %q' "$@")"
}

# shell_quoted TEXT: for any POSIX shell; what bash itself makes of more than one line only bash reads.
shell_quoted() { printf "'%s'" "${1//\'/\'\\\'\'}"; }

# The transaction shows the database as it was at one moment, while it goes on being used.
dump_mysql() {
  with_mysql mysqldump --single-transaction --routines --events --hex-blob --no-tablespaces --set-gtid-purged=OFF \
    --databases --add-drop-database app </dev/null
}

# load_mysql: the dump from its input takes the place of the database.
load_mysql() { with_mysql mysql; }

mysql_tables() {
  with_mysql mysql --batch --skip-column-names --execute "SELECT COUNT(*) FROM information_schema.tables WHERE table_schema = 'app'" </dev/null
}
