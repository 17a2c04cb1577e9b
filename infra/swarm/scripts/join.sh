#!/bin/sh
# On a node: joins the swarm with the token from standard input, and prints the node's id. The token goes to Docker's
# socket and on no command line, where every process of the node could read it.
#
# A disk that is kept may remember a swarm that removed the node, or one that is gone. A membership of the same swarm is
# kept if it comes back; any other is left.
#   NODE       its name
#   ADDRESS    its address
#   $MANAGERS  all managers, each a word `name=address`
set -eu
. ../../remote/scripts/lib/wait-until.sh
. lib/docker.sh
. lib/find-manager.sh
. lib/joined-swarm.sh

state() { docker info -f '{{.Swarm.LocalNodeState}}'; }

is_active() { docker_says info '"LocalNodeState":"active"'; }

# The managers tell a node that they removed, e.g. before its domain was replaced: it does not give up asking them.
was_removed() { journalctl -u docker -b -q -o cat -n 200 | grep -qF "node $id was removed from swarm"; }

finds_manager() { find_manager "$others"; }

list_asked() { echo "asked: ${others:-none, there is no other}"; }

join() {
  printf '{"ListenAddr":"0.0.0.0:2377","AdvertiseAddr":"%s","RemoteAddrs":["%s:2377"],"JoinToken":"%s"}' "$ADDRESS" "$manager" "$token" |
    curl -sS --fail-with-body -X POST -H 'Content-Type: application/json' -d @- --unix-socket /run/docker.sock http://docker/swarm/join 2>&1
}

token=$(cat)
wait_for_docker "$NODE"
# A node cannot ask itself.
others=$(for each in $MANAGERS; do echo "${each#*=}"; done | grep -vxF "$ADDRESS" | tr '\n' ' ')
before=$(joined_swarm)
# Written first: a run that is interrupted while it joins must not take its own membership for an old one.
remember_swarm "$token"
swarm=$(joined_swarm)
if [ "$(state)" != inactive ]; then
  # A node that was promoted on a busy host took more than 30 s to find its swarm again.
  retries=120
  id=$(docker info -f '{{.Swarm.NodeID}}')
  while [ "$before" = "$swarm" ] && [ "$retries" -gt 0 ] && ! is_active && ! was_removed; do
    retries=$((retries - 1))
    sleep 1
  done
  if [ "$before" != "$swarm" ] || ! is_active; then docker swarm leave --force >/dev/null; fi
fi
if [ "$(state)" = inactive ]; then
  wait_until 300 "a manager of the swarm to answer $NODE" finds_manager list_asked
  # Docker stops waiting after 20 s and joins in the background.
  answer=$(join) || case $answer in
    *"Timeout was reached"*) ;;
    *)
      printf '%s\n' "$answer" >&2
      exit 1
      ;;
  esac
fi
wait_until 300 "the swarm to accept $NODE" is_active docker_log
docker info -f '{{.Swarm.NodeID}}'
