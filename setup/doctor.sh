# shellcheck shell=bash
# `./farm doctor`: what is not as the last `up` left it. `./farm up --refresh` asks it for what Pulumi does not see.

# A machine boots under software emulation, among others, and its Docker finds the swarm.
readonly BOOT_SECONDS=${FARM_WAIT_SECONDS:-600}

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

# repair: starts machines that are off and waits for their nodes, and puts into REPAIRS what Pulumi is to make anew.
repair() {
  local what where machine node started=()
  REPAIRS=()
  [ -e "$FARM_HOME/ssh/config" ] || return 0
  while read -r what where machine; do
    case $what in
      start)
        # One that stands still, e.g. since its disk could not grow, is not started but goes on.
        in_farm virsh -q -c "$where" resume "$machine" >/dev/null 2>&1 || in_farm virsh -q -c "$where" start "$machine" >/dev/null
        say "started $machine, which was off"
        started+=("${machine#"$FARM_STACK".}")
        ;;
      replace) REPAIRS+=(--replace "$where") ;;
    esac
  done < <(run_doctor --repairs)
  for node in "${started[@]}"; do
    wait_for "$BOOT_SECONDS" "$node to be ready in the swarm again" manager_says any.manager "docker node inspect $node -f '{{.Status.State}}' | grep -qx ready" ||
      die "waited $BOOT_SECONDS s for $node to be ready in the swarm again, after its machine was started: ./farm ssh $node journalctl -u docker
$(console_tail "$FARM_STACK.$node")"
  done
}

# console_tail MACHINE: what its console said last, where its hypervisor is this machine.
console_tail() {
  local log=/var/log/libvirt/qemu/$1.console.log
  echo "  its console said last ($log):"
  in_farm tail -n 15 "$log" 2>/dev/null | tr -d '\r\033' | sed 's/^/    /'
}
