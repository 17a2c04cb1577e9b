#!/bin/sh
# Prints a certificate for which others encrypt, and the key that decrypts, as JSON.
#   DAYS   how long it is valid
#   $NAME  its name
set -eu
. lib/secret-folder.sh
. lib/certificate.sh
new_key
openssl req -x509 -new -key "$dir/key" -sha256 -days "$DAYS" -subj "/CN=$NAME" -addext keyUsage=critical,keyAgreement -out "$dir/cert"
print_pair
