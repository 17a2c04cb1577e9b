#!/bin/sh
# Prints a password and its hashes, as JSON.
#
# The password has 144 bits, so that its hashes need not be slow: the least work that each format allows, since a server on
# an emulated CPU hashes at every request.
set -eu
. lib/secret-folder.sh
head -c 18 /dev/urandom | base64 | tr -d '\n' | tr +/ -_ >"$dir/password"
bcrypt=$(htpasswd -niB -C 4 user <"$dir/password" | tr -d '\n')
crypt=$(openssl passwd -5 -salt "rounds=1000\$$(head -c 8 /dev/urandom | od -An -tx1 | tr -d ' \n')" -stdin <"$dir/password")
jq -cn --rawfile password "$dir/password" --arg bcrypt "${bcrypt#user:}" --arg crypt "$crypt" '{$password, $bcrypt, $crypt}'
