# shellcheck shell=sh
# wait_until SECONDS WHAT CONDITION [EXPLAIN]: runs the function CONDITION until it succeeds. After SECONDS, or
# FARM_WAIT_SECONDS where that is set, the script fails with WHAT and with the output of the function EXPLAIN.
wait_until() {
  limit=${FARM_WAIT_SECONDS:-$1}
  deadline=$(($(date +%s) + limit))
  until "$3"; do
    if [ "$(date +%s)" -ge "$deadline" ]; then
      echo "waited $limit s for $2" >&2
      { "${4:-:}"; } 2>&1 | sed 's/^/    /' >&2 || true
      exit 1
    fi
    sleep 0.5
  done
}
