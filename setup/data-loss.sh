# shellcheck shell=bash
# `./farm up` and `./farm preview` name the data that goes with a deleted disk; `up` refuses unless it is accepted. Plain
# `pulumi` and `destroy` are not guarded: there the person asks for what Pulumi shows.

# How scripts/data-loss.ts ends where data would be lost; none of Pulumi's own.
readonly DATA_LOSS=77

# run_guarded ARGS...: pulumi, and before an `up` the preview that it would make itself, with the engine's events.
run_guarded() {
  local command=$1 yes='' skip=--skip-preview accepted=() args=() preview=() events='' status=0
  shift
  while [ $# -gt 0 ]; do
    case $1 in
      --accept-data-loss | --accept-data-loss=*)
        local node=${1#*=}
        if [ "$1" = --accept-data-loss ]; then
          node=${2:-}
          [ $# -lt 2 ] || shift
        fi
        if [ -z "$node" ] || [ ! -e "$FARM_HOME/ssh/$node.host" ]; then die "--accept-data-loss '$node': there is no such node; there are: $(node_names)"; fi
        accepted+=("$node")
        ;;
      --yes | --yes=[tT1]*) yes=yes ;;
      --yes=* | --skip-preview | --skip-preview=*) ;;
      # What only `up` knows, or counts the changes of.
      --continue-on-error* | --expect-no-changes* | --secrets-provider=* | --plan=*) args+=("$1") ;;
      --secrets-provider | --plan)
        args+=("$1" "${2:-}")
        [ $# -lt 2 ] || shift
        ;;
      # Pulumi plans in its own preview.
      --strict | --strict=[tT1]*) skip='' args+=("$1") ;;
      --event-log)
        events=${2:-}
        preview+=("$1" "$events")
        [ $# -lt 2 ] || shift
        ;;
      *)
        if [[ $1 =~ $SWITCHES ]]; then
          [[ $1 != *y* ]] || yes=yes
          set -- "${1//[yf]/}" "${@:2}"
        fi
        [ "$1" = - ] || args+=("$1") preview+=("$1")
        ;;
    esac
    shift
  done
  if [ -z "$events" ]; then
    # The log can hold what nobody else may read.
    GUARD_FOLDER=$(mktemp -d -p /dev/shm) || die "there is no room in /dev/shm for the preview's event log: nothing was changed"
    trap 'rm -rf "$GUARD_FOLDER"' EXIT
    events=$GUARD_FOLDER/events
    preview+=(--event-log "$events")
  fi
  PULUMI_DEBUG_COMMANDS=true run_pulumi_as_is preview "${preview[@]}" || status=$?
  [ "$status" -ne 0 ] || tell_losses "$events" "${accepted[@]}" || status=$?
  [ -z "${GUARD_FOLDER:-}" ] || rm -rf "$GUARD_FOLDER"
  if [ "$command" = preview ]; then
    [ "$status" -eq "$DATA_LOSS" ] || return "$status"
    return 0
  fi
  [ "$status" -eq 0 ] || return "$status"
  [ -n "$yes" ] || confirm_update || return 1
  run_pulumi_as_is "$command" --yes ${skip:+"$skip"} "${args[@]}"
}

# tell_losses EVENTS ACCEPTED...: nothing is started or asked where the plan deletes no volume of libvirt.
tell_losses() {
  local said status=0
  # The engine's last event. Pulumi ignores that a log cannot be written.
  tail -n 1 "$1" 2>/dev/null | grep -q '"cancelEvent"' || {
    say "farm: the preview's event log ($1) is not complete: see that /dev/shm has room; nothing was changed"
    return 1
  }
  # One process: `grep -q` behind a pipe ends the one before it, which counts as a failure.
  grep -qE '"op":"(delete|delete-replaced|replace|create-replacement)".*libvirt:index/volume:Volume' "$1" || return 0
  said=$(in_farm node --import=tsx scripts/data-loss.ts "$1" "$FARM_HOME/ssh/config" "${@:2}") || status=$?
  [ -z "$said" ] || say "farm: $said"
  return "$status"
}

confirm_update() {
  local answer
  read -r -p "perform this update? (yes/no; ./farm preview --diff shows details) " answer
  [ "$answer" = yes ] || {
    say "farm: nothing was changed"
    return 1
  }
}
