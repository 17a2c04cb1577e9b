# shellcheck shell=bash
# Certificates of the swarm that have expired: nodes that were off for longer than theirs last are refused by all others.

# expired_nodes NODE...: a line `NODE DATE` for each whose certificate of the swarm has expired.
expired_nodes() {
  (cd "$REPO" && in_farm node --require=tsx/cjs scripts/expired-certificates.ts "$FARM_HOME/ssh/config" "$@")
}

# listed LINES: in one line, with commas.
listed() { paste -sd, <<<"$1" | sed 's/,/, /g'; }

# has_expired NODE: one of `dates` of farm_recover.
has_expired() { grep -q "^$1 " <<<"$dates"; }

has_new_certificate() {
  local still
  still=$(expired_nodes "$1") && [ -z "$still" ]
}

# newest MANAGER...: the one that wrote last to its raft log; the first of several.
newest() {
  local name time best=$1 best_time=0
  [ $# -gt 1 ] || {
    echo "$1"
    return
  }
  for name; do
    # shellcheck disable=SC2016 # expanded on the node
    time=$(manager_says "$name" 'stat -c %Y "$(docker info -f "{{.DockerRootDir}}")"/swarm/raft/wal-v3-encrypted/* | sort -n | tail -n 1') || time=0
    if [ "${time:-0}" -gt "$best_time" ]; then best=$name best_time=$time; fi
  done
  echo "$best"
}

# renew_command ADDRESS: makes a manager whose certificate has expired the only one, with a new certificate. A Docker that
# could not start its swarm answers --force-new-cluster that it is no manager (moby, Cluster.Init). One that has forgotten that
# it was in a swarm starts what is on its disk, and accepts an expired certificate (moby/swarmkit#1919); it writes
# docker-state.json again.
renew_command() {
  cat <<EOF
set -e
systemctl start docker.socket docker.service
state=\$(docker info -f '{{.DockerRootDir}}')/swarm/docker-state.json
systemctl stop docker.socket docker.service
rm -f "\$state"
systemctl start docker.socket docker.service
docker swarm init --force-new-cluster --advertise-addr $1 >/dev/null || [ "\$(docker info -f '{{.Swarm.LocalNodeState}}')" = active ]
EOF
}

# refuse_expired: managers whose certificates have expired never find a leader.
refuse_expired() {
  local dates
  # shellcheck disable=SC2046 # a word for each manager
  dates=$(expired_nodes $(cut -d = -f 1 "$FARM_HOME/ssh/managers")) || return 0
  [ -z "$dates" ] || die "the swarm's certificates have expired ($(listed "$dates")): ./farm recover"
}
