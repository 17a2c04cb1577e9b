# shellcheck shell=sh
# find_manager ADDRESSES: sets `manager` to the first of the addresses where a manager listens.
#
# To curl 7 is a port that refuses, 28 an address that is silent; a manager breaks off a handshake that is not its own.
find_manager() {
  for manager in $1; do
    status=0
    curl -sko /dev/null --connect-timeout 3 --max-time 10 "https://$manager:2377" || status=$?
    case $status in 7 | 28) ;; *) return 0 ;; esac
  done
  return 1
}
