#!/bin/sh
# Prints a server's certificate and key, as JSON, signed by the certificate authority from standard input.
#   DAYS     how long it is valid
#   $NAMES   its names and addresses, as OpenSSL's subjectAltName
#   $COMMON  its common name
set -eu
. lib/secret-folder.sh
. lib/certificate.sh
cat >"$dir/ca"
jq -r .key "$dir/ca" >"$dir/ca.key"
jq -r .cert "$dir/ca" >"$dir/ca.crt"
new_key
printf '%s\n' "subjectAltName=$NAMES" extendedKeyUsage=serverAuth basicConstraints=critical,CA:FALSE >"$dir/ext"
openssl req -new -key "$dir/key" -subj "/CN=$COMMON" |
  openssl x509 -req -CA "$dir/ca.crt" -CAkey "$dir/ca.key" -CAcreateserial -CAserial "$dir/serial" -sha256 \
    -days "$DAYS" -extfile "$dir/ext" -out "$dir/cert"
print_pair
