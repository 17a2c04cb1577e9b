# shellcheck shell=bash
# The file that `./farm backup` writes, and how it is read: a line that names the format and has the checksum of all that
# follows, then a tar of encrypted parts. Each part is encrypted as it comes: none is ever in the clear on this machine's disk.
#
#   swarm-farm backup 1 SHA256
#   manifest.json.gpg, swarm.tar.gpg and, where there is a database, mysql.sql.gpg
#
# The line tells a damaged file from a wrong passphrase. It proves nothing against who can write the file: GnuPG does, whose
# encryption notices any change, and the manifest, which has the parts' checksums.

readonly BACKUP_FORMAT="swarm-farm backup 1"

# gnupg ARGS...: with the passphrase of Pulumi's secrets, which holds for the same secrets here, and no keys of the person's.
gnupg() {
  local home status=0
  home=$(mktemp -d)
  gpg --homedir "$home" --batch --quiet --no-tty --pinentry-mode loopback --passphrase-fd 9 "$@" 9< <(passphrase) || status=$?
  gpgconf --homedir "$home" --kill all
  rm -rf "$home"
  return "$status"
}

# As Pulumi reads it.
passphrase() {
  if [ -n "${PULUMI_CONFIG_PASSPHRASE+set}" ]; then
    printf '%s\n' "$PULUMI_CONFIG_PASSPHRASE"
  else
    sed -e '1s/^[[:space:]]*//' -e '$s/[[:space:]]*$//' "$PULUMI_CONFIG_PASSPHRASE_FILE"
  fi
}

passphrase_place() {
  if [ -n "${PULUMI_CONFIG_PASSPHRASE+set}" ]; then printf PULUMI_CONFIG_PASSPHRASE; else printf %s "$PULUMI_CONFIG_PASSPHRASE_FILE"; fi
}

need_passphrase() {
  [ -n "$(passphrase 2>/dev/null | head -c 1)" ] ||
    die "there is no passphrase in $(passphrase_place), and a backup holds secrets: put the stack's own there"
}

# keep_part FOLDER NAME: encrypts its input.
keep_part() {
  # A passphrase of a person's own may be short: each guess is to take long.
  gnupg --symmetric --cipher-algo AES256 --s2k-digest-algo SHA512 --s2k-count 65011712 --output "$1/$2.gpg"
}

# write_backup FOLDER MANIFEST: the parts in the folder become its file `backup`; the manifest is completed with their checksums.
write_backup() {
  local part names=()
  for part in "$1"/*.gpg; do names+=("$(basename "$part" .gpg)"); done
  for part in "${names[@]}"; do
    jq -n --arg part "$part" --arg sum "$(checksum <"$1/$part.gpg")" '{parts: {($part): $sum}}'
  done | jq -s --argjson manifest "$2" 'reduce .[] as $part ($manifest; . * $part)' | keep_part "$1" manifest.json
  { printf '%s %s\n' "$BACKUP_FORMAT" "$(pack "$1" "${names[@]}" | checksum)" && pack "$1" "${names[@]}"; } >"$1/backup"
}

# pack FOLDER PARTS...: the same bytes each time; the manifest comes first.
pack() {
  local folder=$1
  shift
  tar --owner=0 --group=0 --numeric-owner -c -C "$folder" manifest.json.gpg "${@/%/.gpg}"
}

checksum() { sha256sum | cut -d ' ' -f 1; }

# open_backup FILE: sets BACKUP and MANIFEST after everything in it was read once, or dies.
open_backup() {
  local first sum part
  BACKUP=$1
  [ -f "$BACKUP" ] || die "there is no file $BACKUP"
  first=$(head -c 200 "$BACKUP" | head -n 1 | tr -d '\0')
  case $first in
    "$BACKUP_FORMAT "*) sum=${first#"$BACKUP_FORMAT "} ;;
    "${BACKUP_FORMAT% *} "[0-9]*) die "$BACKUP is of another version of ./farm ('${first% *}', this one reads '$BACKUP_FORMAT')" ;;
    *) die "$BACKUP is no backup: ./farm backup writes one" ;;
  esac
  [ "$(parts_of_backup | checksum)" = "$sum" ] || die "$BACKUP is damaged, its checksum is not that of its first line: take another copy of it"
  need_passphrase
  MANIFEST=$(backup_part manifest.json 2>/dev/null) ||
    die "$BACKUP was encrypted with another passphrase than that in $(passphrase_place): put that one there"
  for part in $(manifest '.parts | keys[]'); do
    if [ "$(parts_of_backup | tar -xO "$part.gpg" | checksum)" != "$(manifest ".parts[\"$part\"]")" ] || ! part_is_whole "$part"; then
      die "$BACKUP is damaged: its $part is not what was written"
    fi
  done
}

parts_of_backup() { tail -n +2 "$BACKUP"; }

# backup_part NAME: in the clear.
backup_part() { parts_of_backup | tar -xO "$1.gpg" | gnupg --decrypt; }

# part_is_whole NAME: it can be decrypted, and has its end.
part_is_whole() {
  case $1 in
    swarm.tar) backup_part "$1" | tar -t | grep -xF swarm/certificates/swarm-node.key >/dev/null ;;
    mysql.sql) [[ $(backup_part "$1" | tail -n 1) = "-- Dump completed"* ]] ;;
    *) false ;;
  esac
}

# manifest FILTER: what jq makes of it.
manifest() { jq -r "$1" <<<"$MANIFEST"; }
