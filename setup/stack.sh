# shellcheck shell=bash
# Pulumi's backend, passphrase and stack.

# pulumi_env: the environment with which plain `pulumi` works on this farm. A backend the person is logged in to is
# used; else a local one below the state folder, with a generated passphrase that only its owner may read.
pulumi_env() {
  export PULUMI_STACK=$FARM_STACK
  export PULUMI_SKIP_UPDATE_CHECK=true
  if [ -z "${PULUMI_BACKEND_URL:-}" ] && ! logged_in; then
    export PULUMI_BACKEND_URL=file://$FARM_STATE/pulumi
  fi
  if [ -z "${PULUMI_CONFIG_PASSPHRASE+set}" ] && [ -z "${PULUMI_CONFIG_PASSPHRASE_FILE:-}" ]; then
    export PULUMI_CONFIG_PASSPHRASE_FILE=$FARM_CONFIG/passphrase
  fi
}

logged_in() { [ "$(jq -r '.current // ""' "$CREDENTIALS_HOME/credentials.json" 2>/dev/null)" != "" ]; }

setup_stack() {
  if [ "${PULUMI_CONFIG_PASSPHRASE_FILE:-}" = "$FARM_CONFIG/passphrase" ] && [ ! -e "$FARM_CONFIG/passphrase" ]; then
    mkdir -p "$FARM_CONFIG"
    (umask 077 && head -c 32 /dev/urandom | base64 -w 0 >"$FARM_CONFIG/passphrase")
  fi
  case ${PULUMI_BACKEND_URL:-} in
    file://*) mkdir -p "${PULUMI_BACKEND_URL#file://}" ;;
  esac
  cd "$REPO"
  local said status=0
  said=$(pulumi stack output --show-secrets --json 2>&1 >/dev/null) || status=$?
  if [ "$status" -eq 0 ]; then
    check_passphrase
    note "$FARM_STACK"
  elif is_no_stack "$said"; then
    init_stack
    note "$FARM_STACK, new"
  else
    note "$(pulumi_reason "$said")"
    return 1
  fi
}

# is_no_stack SAID: whether pulumi's error says that the backend has no such stack.
is_no_stack() {
  case $1 in *"no stack selected"* | *"no stack named"* | *"unable to open state directory"*"no such file"*) ;; *) return 1 ;; esac
}

# pulumi_answer ARGS...: what pulumi prints; if it fails, prints the reason and ends with 1.
pulumi_answer() {
  local errors said status=0
  errors=$(mktemp)
  said=$(cd "$REPO" && pulumi "$@" 2>"$errors") || status=$?
  if [ "$status" -ne 0 ]; then said=$(pulumi_reason "$(cat "$errors")"); fi
  rm -f "$errors"
  [ "$status" -eq 0 ] || die "$said"
  printf '%s\n' "$said"
}

# pulumi_reason SAID: what pulumi's error means for the farm, and what to do.
pulumi_reason() {
  if is_no_stack "$1"; then
    printf "the farm '%s' is not there: ./farm up builds it" "$FARM_STACK"
    return
  fi
  case $1 in
    *"incorrect passphrase"*) wrong_passphrase ;;
    *"passphrase must be set"* | *"unable to read"*PASSPHRASE*)
      printf "the passphrase of stack '%s' is missing (%s): copy it from the machine that built the farm" "$FARM_STACK" \
        "${PULUMI_CONFIG_PASSPHRASE_FILE:-PULUMI_CONFIG_PASSPHRASE}"
      ;;
    *) printf 'pulumi says: %s' "$(sed -n 's/^error: //p' <<<"$1" | head -n 1 | grep . || tail -n 1 <<<"$1")" ;;
  esac
}

wrong_passphrase() {
  printf "the passphrase (%s) is not the one that stack '%s' was made with: put the right one there" \
    "${PULUMI_CONFIG_PASSPHRASE_FILE:-PULUMI_CONFIG_PASSPHRASE}" "$FARM_STACK"
}

init_stack() {
  local said
  said=$(pulumi stack init "$FARM_STACK" 2>&1) && return
  case $said in
    *"incorrect passphrase"*)
      note "Pulumi.$FARM_STACK.yaml has an encryptionsalt of another passphrase than ${PULUMI_CONFIG_PASSPHRASE_FILE:-PULUMI_CONFIG_PASSPHRASE}: put that one there, or remove the line if the file has no secrets"
      ;;
    *) note "$said" ;;
  esac
  return 1
}

# check_passphrase: reports a wrong one for the configuration's secrets here, before anything needs it. Only setting a
# secret shows it; a copy of the file keeps it as it is.
check_passphrase() {
  local said copy
  copy=$(mktemp --suffix .yaml)
  cp "Pulumi.$FARM_STACK.yaml" "$copy"
  said=$(pulumi config set --secret --config-file "$copy" check passed 2>&1) || true
  rm -f "$copy"
  case $said in
    *"incorrect passphrase"*)
      note "$(wrong_passphrase)"
      return 1
      ;;
  esac
}

# unlock_stack: an engine that was killed leaves its lock behind; one that lives is named.
unlock_stack() {
  local lock pid host
  case ${PULUMI_BACKEND_URL:-} in file://*) ;; *) return 0 ;; esac
  for lock in "${PULUMI_BACKEND_URL#file://}"/.pulumi/locks/organization/swarm-farm/"$FARM_STACK"/*.json; do
    [ -e "$lock" ] || continue
    pid=$(jq -r .pid "$lock")
    host=$(jq -r .hostname "$lock")
    if [ "$host" = "$(hostname)" ] && [ ! -d "/proc/$pid" ]; then
      say "the run with process $pid did not end by itself: its lock is removed"
      rm -f "$lock"
    else
      die "stack '$FARM_STACK' is locked by process $pid on $host: another run is under way; wait for it, or end it"
    fi
  done
}
