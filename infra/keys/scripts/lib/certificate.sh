# shellcheck shell=sh
new_key() { openssl ecparam -name prime256v1 -genkey -noout -out "$dir/key"; }

print_pair() { jq -cn --rawfile key "$dir/key" --rawfile cert "$dir/cert" '{$key, $cert}'; }
