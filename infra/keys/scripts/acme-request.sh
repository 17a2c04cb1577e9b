#!/bin/sh
# Prints a signing request for a certificate, signed with the private key from standard input. It has no common name: clients read the
# subject's alternative names, and a CA may refuse one of more than 64 characters.
#   $NAMES  its names, as OpenSSL's subjectAltName
set -eu
. lib/secret-folder.sh
cat >"$dir/key"
openssl req -new -sha256 -key "$dir/key" -subj / -addext "subjectAltName=$NAMES"
