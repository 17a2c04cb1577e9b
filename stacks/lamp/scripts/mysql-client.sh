#!/bin/sh
# In the task of mysql: runs a client program as the site's user, with this script's standard input and arguments. The password
# comes to the program through a pipe: it is on no command line and in no file.
#   $1    the program
#   $2 …  its arguments
set -eu
exec 4<&0
{
  printf '[client]\nuser=app\npassword="'
  tr -d '\n' </run/secrets/mysql-password | sed 's/\\/\\\\/g'
  printf '"\n'
} | {
  program=$1
  shift
  "$program" --defaults-extra-file=/dev/fd/3 "$@" 3<&0 <&4 4<&-
}
