#!/bin/sh
# Prints a certificate authority's certificate and key, as JSON.
#   DAYS   how long it is valid
#   $FARM  the farm's name
set -eu
. lib/secret-folder.sh
. lib/certificate.sh
new_key
openssl req -x509 -new -key "$dir/key" -sha256 -days "$DAYS" -subj "/CN=swarm-farm $FARM" \
  -addext basicConstraints=critical,CA:TRUE,pathlen:0 -addext keyUsage=critical,keyCertSign,cRLSign -out "$dir/cert"
print_pair
