# shellcheck shell=bash
# The URLs of an isolated farm, forwarded to loopback so that a browser on this machine opens them.

readonly FIRST_FALLBACK_PORT=18080

forward_dir() { printf '%s' "$FARM_HOME/forward"; }

# start_forwards: one listener on 127.0.0.1 for every URL of the farm; `forwarded` gives the address to open.
start_forwards() {
  local name url address port local_port
  stop_forwards
  [ "$(hypervisor_mode)" = isolated ] || return 0
  mkdir -p "$(forward_dir)"
  while read -r name url; do
    address=${url#*://}
    address=${address%%/*}
    port=${address##*:}
    local_port=$(free_port "$port")
    # socat has no word for namespaces before 1.8: each connection enters through nsenter.
    setsid socat "TCP-LISTEN:$local_port,bind=127.0.0.1,reuseaddr,fork" \
      "EXEC:nsenter --target $(isolated_pid) --net socat - TCP\:${address%:*}\:$port" \
      >>"$FARM_LOGS/forward.log" 2>&1 3>&- </dev/null &
    echo "$!" >"$(forward_dir)/$name.pid"
    echo "${url/$address/127.0.0.1:$local_port}" >"$(forward_dir)/$name.url"
  done < <(pulumi stack output urls --json 2>/dev/null | jq -r 'to_entries[] | "\(.key) \(.value)"')
}

stop_forwards() {
  local file pid
  for file in "$(forward_dir)"/*.pid; do
    [ -e "$file" ] || continue
    pid=$(cat "$file")
    # Only what we started: the number may be another process's by now.
    if grep -q socat "/proc/$pid/comm" 2>/dev/null; then kill "$pid" 2>/dev/null || true; fi
  done
  rm -rf "$(forward_dir)"
}

forwarded() { cat "$(forward_dir)/$1.url" 2>/dev/null || printf '%s\n' "$2"; }

# free_port PORT: itself, or the next free one from the fallback range.
free_port() {
  local port=$1
  while ss -Hltn "sport = :$port" | grep -q .; do
    if [ "$port" -lt "$FIRST_FALLBACK_PORT" ]; then port=$FIRST_FALLBACK_PORT; else port=$((port + 1)); fi
  done
  echo "$port"
}
