# shellcheck shell=sh
# matches FILE: whether it has the checksum $SHA256; a missing file has not.
matches() { echo "$SHA256  $1" | sha256sum --check --status 2>/dev/null; }
