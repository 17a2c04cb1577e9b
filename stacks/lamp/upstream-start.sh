#!/bin/sh
# The start of Docker Hub's image of MySQL. At the first start its entrypoint creates the user; the init file is for later
# ones, since the entrypoint passes its options to the server that creates the user too. The previous password stays valid
# until the next change, as images/mysql/start has it. A service has one variable, so the script sets the others.
#   $MYSQL_PASSWORD_FILE  Default: /run/secrets/mysql-password
#   $MYSQL_DATA           for tests: the data folder
#   $MYSQL_SCRATCH        for tests: a folder for the init file
set -eu
export MYSQL_DATABASE=app MYSQL_USER=app MYSQL_RANDOM_ROOT_PASSWORD=yes
export MYSQL_PASSWORD_FILE="${MYSQL_PASSWORD_FILE:-/run/secrets/mysql-password}"
data=${MYSQL_DATA:-/var/lib/mysql}
init=${MYSQL_SCRATCH:-/tmp}/init.sql
[ -d "$data/mysql" ] || exec docker-entrypoint.sh mysqld
umask 077
password=$(tr -d '\n' <"$MYSQL_PASSWORD_FILE" | sed -e 's/\\/\\\\/g' -e "s/'/''/g" -e "s/^/'/" -e "s/\$/'/")
sum=$(printf %s "$password" | sha256sum)
cat >"$init" <<SQL
CREATE DATABASE IF NOT EXISTS app;
CREATE USER IF NOT EXISTS 'app'@'%' IDENTIFIED BY $password;
GRANT ALL ON app.* TO 'app'@'%';
SQL
if [ ! -e "$data/password" ] || [ "$(cat "$data/password")" != "$sum" ]; then
  echo "ALTER USER 'app'@'%' IDENTIFIED BY $password RETAIN CURRENT PASSWORD;" >>"$init"
  echo "$sum" >"$data/password"
fi
[ "$(id -u)" != 0 ] || chown mysql: "$init" "$data/password"
exec docker-entrypoint.sh mysqld --init-file="$init"
