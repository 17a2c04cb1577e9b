#!/bin/sh
# Prints the private key of an ACME account and one for certificates, as JSON.
set -eu
. lib/secret-folder.sh
. lib/certificate.sh
new_key
mv "$dir/key" "$dir/account"
new_key
jq -cn --rawfile account "$dir/account" --rawfile certificate "$dir/key" '{$account, $certificate}'
