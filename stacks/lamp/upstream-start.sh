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
# Which password was set is an attribute of the user, changed with it in one statement, as images/mysql/start has it.
digest=$(printf %s "$password" | sha256sum | sed 's/ .*//')
record="{\"password\": \"$digest\"}"
cat >"$init" <<SQL
CREATE DATABASE IF NOT EXISTS app;
CREATE USER IF NOT EXISTS 'app'@'%' IDENTIFIED BY $password ATTRIBUTE '$record';
GRANT ALL ON app.* TO 'app'@'%';
SET @is_set = (SELECT COUNT(*) FROM information_schema.user_attributes WHERE user = 'app' AND host = '%' AND JSON_UNQUOTE(JSON_EXTRACT(attribute, '\$.password')) = '$digest');
SET @change = CONCAT('ALTER USER ''app''@''%'' IDENTIFIED BY ', QUOTE($password), ' RETAIN CURRENT PASSWORD ATTRIBUTE ', QUOTE('$record'));
SET @change = IF(@is_set, 'DO 0', @change);
PREPARE change_password FROM @change;
EXECUTE change_password;
SQL
rm -f "$data/password"
[ "$(id -u)" != 0 ] || chown mysql: "$init"
exec docker-entrypoint.sh mysqld --init-file="$init"
