# shellcheck shell=bash
# The URLs of an isolated farm, forwarded to loopback so that a browser on this machine opens them.

readonly FIRST_FALLBACK_PORT=18080

forward_dir() { printf '%s' "$FARM_HOME/forward"; }

# start_forwards: one listener on 127.0.0.1 for every port that the farm's URLs lead to; `forwarded` gives the address
# to open.
start_forwards() {
  local name url host port address local_port shown manager outputs
  stop_forwards
  [ "$(hypervisor_mode)" = isolated ] || return 0
  mkdir -p "$(forward_dir)"
  load_outputs
  outputs=$OUTPUTS
  manager=$(jq -r '.nodes[0].address // empty' <<<"$outputs")
  while read -r name url; do
    read -r host port < <(endpoint_of "$url")
    # A name leads nowhere yet; any node answers for it.
    address=$host shown=127.0.0.1
    if [[ ! $host =~ ^[0-9.]+$ ]]; then
      address=$manager
      if [[ $host = *.localhost ]]; then shown=$host; fi
    fi
    if [ ! -e "$(forward_dir)/$address-$port.port" ]; then
      local_port=$(free_port $((port < 1024 ? port + 8000 : port)))
      # socat has no word for namespaces before 1.8: each connection enters through nsenter.
      setsid socat "TCP-LISTEN:$local_port,bind=127.0.0.1,reuseaddr,fork" \
        "EXEC:nsenter --target $(isolated_pid) --net socat - TCP\:$address\:$port" \
        >>"$FARM_LOGS/forward.log" 2>&1 3>&- </dev/null &
      echo "$!" >"$(forward_dir)/$address-$port.pid"
      echo "$local_port" >"$(forward_dir)/$address-$port.port"
    fi
    local_port=$(cat "$(forward_dir)/$address-$port.port")
    echo "${url%%://*}://$shown:$local_port/$(path_of "$url")" >"$(forward_dir)/$name.url"
  done < <(jq -r '.urls // {} | to_entries[] | "\(.key) \(.value)"' <<<"$outputs")
}

# endpoint_of URL: its host and port.
endpoint_of() {
  local rest=${1#*://}
  rest=${rest%%/*}
  case $rest in
    *:*) echo "${rest%:*} ${rest##*:}" ;;
    *) case $1 in https:*) echo "$rest 443" ;; *) echo "$rest 80" ;; esac ;;
  esac
}

# path_of URL: what follows the first / after the host.
path_of() {
  local rest=${1#*://}
  case $rest in */*) printf '%s' "${rest#*/}" ;; esac
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
