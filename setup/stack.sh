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
  [ -e "Pulumi.$FARM_STACK.yaml" ] || {
    note "there is no Pulumi.$FARM_STACK.yaml: copy Pulumi.dev.yaml and change what you like"
    return 1
  }
  if ! pulumi stack ls --json | jq -e --arg s "$FARM_STACK" 'any(.[]; .name == $s)' >/dev/null; then
    init_stack
    note "$FARM_STACK, new"
  else
    check_stack_file
    note "$FARM_STACK"
  fi
}

init_stack() {
  local said
  said=$(pulumi stack init "$FARM_STACK" 2>&1) && return
  if note_broken_yaml "$said"; then return 1; fi
  case $said in
    *"incorrect passphrase"*)
      note "Pulumi.$FARM_STACK.yaml has an encryptionsalt of another passphrase than ${PULUMI_CONFIG_PASSPHRASE_FILE:-PULUMI_CONFIG_PASSPHRASE}: put that one there, or remove the line if the file has no secrets"
      ;;
    *) note "$said" ;;
  esac
  return 1
}

# note_broken_yaml SAID: where the stack's file is no YAML, if that is what Pulumi said; else it fails.
note_broken_yaml() {
  case $1 in *"invalid YAML file: "*) ;; *) return 1 ;; esac
  local where=${1#*invalid YAML file: }
  note "Pulumi.$FARM_STACK.yaml is no YAML: ${where%%$'\n'*}"
}

# A file that cannot be read and a wrong passphrase are told here, not by whatever needs them first.
check_stack_file() {
  local said copy
  # Setting a secret needs the configuration's passphrase, showing one the state's; a copy of the file keeps it as it is.
  copy=$(mktemp --suffix .yaml)
  cp "Pulumi.$FARM_STACK.yaml" "$copy"
  said=$(pulumi config set --secret --config-file "$copy" check passed 2>&1 &&
    pulumi stack output --show-secrets --json 2>&1 >/dev/null) || true
  rm -f "$copy"
  if note_broken_yaml "$said"; then return 1; fi
  case $said in
    *"incorrect passphrase"*)
      note "the passphrase (${PULUMI_CONFIG_PASSPHRASE_FILE:-PULUMI_CONFIG_PASSPHRASE}) is not the one that stack '$FARM_STACK' was made with: put the right one there"
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
