# shellcheck shell=bash
# What the person sees: one line per step with its name, what it found or did, and how long it took.
#
# A step runs in a subshell with its output in a log file; it reports through `progress` (what it is doing now) and
# `note` (what the finished line says). File descriptor 3 is the terminal, whatever the step redirects.
exec 3>&2

# What went wrong, for whoever tells it elsewhere too.
FAILURE=

# die MESSAGE...: one clear message, non-zero exit.
die() {
  FAILURE=$*
  printf 'farm: %s\n' "$*" >&3
  exit 1
}

# say MESSAGE...: a plain line to the person.
say() { printf '%s\n' "$*" >&3; }

# progress MESSAGE...: what the running step is doing; on a terminal it is replaced by the next one.
progress() {
  if [ -t 3 ]; then
    printf '\r\033[K  %-19s %s' "${STEP:-}" "$*" >&3
  else
    printf '  %-19s %s\n' "${STEP:-}" "$*" >&3
  fi
}

# note MESSAGE...: what the line of the finished step says; outside of a step a plain line.
note() { if [ -n "${STEP_NOTE:-}" ]; then printf '%s' "$*" >"$STEP_NOTE"; else say "$*"; fi; }

# duration SECONDS: 75 becomes "1 min 15 s".
duration() {
  if [ "$1" -lt 60 ]; then printf '%d s' "$1"; else printf '%d min %d s' $(($1 / 60)) $(($1 % 60)); fi
}

# step NAME COMMAND...: runs COMMAND and prints its line; when it fails, the end of its log and where the rest is.
step() {
  local name=$1 started=$SECONDS log status=0
  shift
  mkdir -p "$FARM_LOGS"
  log=$FARM_LOGS/${name// /-}.log
  STEP_NOTE=$(mktemp)
  export STEP_NOTE STEP=$name
  set +e
  (
    set -e
    "$@"
  ) >"$log" 2>&1
  status=$?
  set -e
  [ -t 3 ] && printf '\r\033[K' >&3
  if [ "$status" -eq 0 ]; then
    printf '✓ %-19s %-44s %s\n' "$name" "$(cat "$STEP_NOTE")" "$(duration $((SECONDS - started)))" >&3
  else
    printf '✗ %-19s %s\n' "$name" "failed after $(duration $((SECONDS - started)))" >&3
    [ -s "$STEP_NOTE" ] && printf '  %s\n' "$(cat "$STEP_NOTE")" >&3
    FAILURE="$name failed"$'\n'"$(cat "$STEP_NOTE")"$'\n'"$(tail -n 15 "$log")"
    tail -n 15 "$log" | sed 's/^/  │ /' >&3
    printf '  the whole log: %s\n' "$log" >&3
  fi
  rm -f "$STEP_NOTE"
  unset STEP_NOTE
  return "$status"
}

# wait_for SECONDS WHAT COMMAND...: until COMMAND succeeds; after SECONDS it says what it waited for.
wait_for() {
  local deadline=$((SECONDS + $1)) limit=$1 what=$2
  shift 2
  until "$@" >/dev/null 2>&1; do
    if [ "$SECONDS" -ge "$deadline" ]; then
      note "waited $limit s for $what"
      return 1
    fi
    sleep 0.2
  done
}
