# shellcheck shell=bash
# Certificates of the swarm that have expired, for `up` and `refresh` until they are TypeScript: cli/doctor/certificates.ts.

# expired_nodes NODE...: a line `NODE DATE` for each whose certificate of the swarm has expired.
expired_nodes() {
  (cd "$REPO" && in_farm node --require=tsx/cjs scripts/expired-certificates.ts "$FARM_HOME/ssh/config" "$@")
}

# listed LINES: in one line, with commas.
listed() { paste -sd, <<<"$1" | sed 's/,/, /g'; }

# refuse_expired: managers whose certificates have expired never find a leader.
refuse_expired() {
  local dates
  # shellcheck disable=SC2046 # a word for each manager
  dates=$(expired_nodes $(cut -d = -f 1 "$FARM_HOME/ssh/managers")) || return 0
  [ -z "$dates" ] || die "the swarm's certificates have expired ($(listed "$dates")): ./farm recover"
}
