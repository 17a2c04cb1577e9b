#!/bin/sh
# The start of Docker Hub's image of MySQL. At the first start its entrypoint creates the user; the init file is for later
# ones, since the entrypoint passes its options to the server that creates the user too. A service has one variable, so the
# script sets the others.
#   $MYSQL_PASSWORD_FILE  Default: /run/secrets/mysql-password
#   $MYSQL_DATA           for tests: the data folder
#   $MYSQL_SCRATCH        for tests: a folder for the init file
set -eu
. images/mysql/account.sh
export MYSQL_DATABASE=app MYSQL_USER=app MYSQL_RANDOM_ROOT_PASSWORD=yes
export MYSQL_PASSWORD_FILE="${MYSQL_PASSWORD_FILE:-/run/secrets/mysql-password}"
data=${MYSQL_DATA:-/var/lib/mysql}
init=${MYSQL_SCRATCH:-/tmp}/init.sql
[ -d "$data/mysql" ] || exec docker-entrypoint.sh mysqld
umask 077
account_sql "$MYSQL_PASSWORD_FILE" >"$init"
# The record that scripts before this one kept.
rm -f "$data/password"
[ "$(id -u)" != 0 ] || chown mysql: "$init"
exec docker-entrypoint.sh mysqld --init-file="$init"
