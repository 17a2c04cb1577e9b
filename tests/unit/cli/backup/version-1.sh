#!/usr/bin/env bash
# Writes and reads a backup with the commands of the bash that wrote the first ones: the format must not change unnoticed.
#
#   version-1.sh write FOLDER MANIFEST   the parts FOLDER/swarm.tar and FOLDER/mysql.sql become FOLDER/backup
#   version-1.sh read FILE PART          prints a part in the clear, after all checks
#
# The passphrase is PULUMI_CONFIG_PASSPHRASE.
set -euo pipefail

gnupg() {
  local home status=0
  home=$(mktemp -d)
  gpg --homedir "$home" --batch --quiet --no-tty --pinentry-mode loopback --passphrase-fd 9 "$@" \
    9< <(printf '%s\n' "$PULUMI_CONFIG_PASSPHRASE") || status=$?
  gpgconf --homedir "$home" --kill all
  rm -rf "$home"
  return "$status"
}

seal() { gnupg --symmetric --cipher-algo AES256 --s2k-digest-algo SHA512 --s2k-count 65011712 --output "$1/$2.gpg"; }

checksum() { sha256sum | cut -d ' ' -f 1; }

pack() { tar --owner=0 --group=0 --numeric-owner -c -C "$1" manifest.json.gpg mysql.sql.gpg swarm.tar.gpg; }

write() {
  local part
  for part in mysql.sql swarm.tar; do seal "$1" "$part" <"$1/$part"; done
  for part in mysql.sql swarm.tar; do
    jq -n --arg part "$part" --arg sum "$(checksum <"$1/$part.gpg")" '{parts: {($part): $sum}}'
  done | jq -s --argjson manifest "$2" 'reduce .[] as $part ($manifest; . * $part)' | seal "$1" manifest.json
  { printf 'swarm-farm backup 1 %s\n' "$(pack "$1" | checksum)" && pack "$1"; } >"$1/backup"
}

read_part() {
  local sum part manifest
  sum=$(head -n 1 "$1" | sed -n 's/^swarm-farm backup 1 //p')
  [ "$(tail -n +2 "$1" | checksum)" = "$sum" ]
  manifest=$(tail -n +2 "$1" | tar -xO manifest.json.gpg | gnupg --decrypt)
  for part in $(jq -r '.parts | keys[]' <<<"$manifest"); do
    [ "$(tail -n +2 "$1" | tar -xO "$part.gpg" | checksum)" = "$(jq -r ".parts[\"$part\"]" <<<"$manifest")" ]
  done
  if [ "$2" = manifest.json ]; then printf '%s\n' "$manifest"; else tail -n +2 "$1" | tar -xO "$2.gpg" | gnupg --decrypt; fi
}

case $1 in
  write) write "$2" "$3" ;;
  read) read_part "$2" "$3" ;;
esac
