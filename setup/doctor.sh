# shellcheck shell=bash
# `./farm doctor`: what is not as the last `up` left it. `./farm up --refresh` asks it for what Pulumi does not see.

# A machine boots under software emulation, among others, and its Docker finds the swarm.
readonly BOOT_SECONDS=${FARM_WAIT_SECONDS:-600}
[[ $BOOT_SECONDS =~ ^(0|[1-9][0-9]*)$ ]] || die "FARM_WAIT_SECONDS is '$BOOT_SECONDS': it must be a number of seconds, e.g. 1800"

farm_doctor() {
  [ $# -eq 0 ] || die "./farm doctor takes no arguments"
  write_ssh_files
  run_doctor
}

# run_doctor ARGS...: where the hypervisor is.
run_doctor() {
  local config status=0
  cd "$REPO"
  config=$(mktemp)
  pulumi config --json >"$config"
  pulumi stack export | in_farm node --import=tsx scripts/doctor.ts "$FARM_STACK" "$FARM_HOME/ssh/config" "$config" "$@" || status=$?
  rm -f "$config"
  return "$status"
}

# repair: puts into REPAIRS what Pulumi is to recreate, since its own refresh does not see what became of it.
repair() {
  local found what where
  REPAIRS=()
  [ -e "$FARM_HOME/ssh/config" ] || return 0
  found=$(run_doctor --repairs) || die "doctor cannot say what is to be repaired: see above"
  while read -r what where; do
    [ "$what" != replace ] || REPAIRS+=(--replace "$where")
  done <<<"$found"
}
