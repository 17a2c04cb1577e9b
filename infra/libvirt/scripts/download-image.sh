#!/bin/sh
# Where Pulumi runs: downloads a cloud image, unless it is there, and prints its path if its checksum is right. The next run
# continues a download that was interrupted; of several runs in parallel, one downloads.
#   SOURCE  its URL
#   SHA256  its checksum
#   FOLDER  where it is kept
set -eu
. lib/checksum.sh

# curl retries by itself after a timeout or an answer such as 503; every `up` continues after that.
fetch() { curl -fsSL --retry 3 -o "$file.part" "$@" "$SOURCE"; }

mkdir -p "$FOLDER"
file=$FOLDER/$SHA256.qcow2
{
  flock 9
  if ! matches "$file"; then
    rm -f "$file"
    # A part that is whole cannot be continued.
    matches "$file.part" || fetch -C - || case $? in
      22 | 33 | 36)
        # The server refuses to continue: from the beginning.
        rm -f "$file.part"
        fetch
        ;;
      *)
        echo "$SOURCE could not be downloaded; what arrived is kept, and ./farm up continues it" >&2
        exit 1
        ;;
    esac
    matches "$file.part" || {
      rm -f "$file.part"
      echo "image.sha256 does not match what $SOURCE gives: check both; the file is removed, and downloaded again next time" >&2
      exit 1
    }
    mv "$file.part" "$file"
  fi
} 9>"$file.lock"
printf %s "$file"
