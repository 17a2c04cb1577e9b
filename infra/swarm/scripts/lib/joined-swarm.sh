# shellcheck shell=sh
# The swarm that a node joined, by the digest of its CA in the join token, which is no secret: a disk that is kept
# remembers it.
joined_file=/var/lib/swarm-farm/joined

joined_swarm() { cat "$joined_file" 2>/dev/null || true; }

# remember_swarm TOKEN
remember_swarm() {
  mkdir -p "${joined_file%/*}"
  printf %s "${1%-*}" >"$joined_file"
}
