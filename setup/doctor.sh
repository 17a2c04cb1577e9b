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

# run_doctor ARGS...
run_doctor() { (cd "$REPO" && node --import=tsx scripts/doctor.ts "$FARM_STACK" "$REPO" "$@"); }

# repair: puts into REPAIRS what Pulumi is to recreate, since its own refresh does not see what became of it.
repair() {
  local found
  REPAIRS=()
  [ -e "$FARM_HOME/ssh/config" ] || return 0
  found=$(run_doctor --repairs) || die "doctor cannot say what is to be repaired: see above"
  [ -z "$found" ] || mapfile -t REPAIRS <<<"$found"
}
