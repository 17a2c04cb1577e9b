# shellcheck shell=sh
# wait_until SECONDS WHAT CONDITION [EXPLAIN]: runs the function CONDITION until it succeeds. After SECONDS, or
# FARM_WAIT_SECONDS where that is set, the script fails with WHAT and with the output of the function EXPLAIN.
#
# The pause is half a second, or four times as long as CONDITION took, which so takes a fifth of a busy node's processor; but five
# seconds at most: a question to a swarm without a leader takes 20 s and no processor.
wait_until() {
  limit=${FARM_WAIT_SECONDS:-$1}
  read_hundredths
  deadline=$((now + limit * 100))
  began=$now
  until "$3"; do
    read_hundredths
    if [ "$now" -ge "$deadline" ]; then
      echo "waited $limit s for $2" >&2
      { "${4:-:}"; } 2>&1 | sed 's/^/    /' >&2 || true
      exit 1
    fi
    pause=$((4 * (now - began)))
    [ "$pause" -ge 50 ] || pause=50
    [ "$pause" -le 500 ] || pause=500
    [ "$pause" -le $((deadline - now)) ] || pause=$((deadline - now))
    sleep "$((pause / 100)).$((pause / 10 % 10))$((pause % 10))"
    read_hundredths
    began=$now
  done
}

# read_hundredths: sets now to hundredths of a second since the machine started, without a process.
read_hundredths() {
  read -r now _ </proc/uptime
  now=${now%.*}${now#*.}
}
