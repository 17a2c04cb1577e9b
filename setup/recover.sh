# shellcheck shell=bash
# How `up` and `refresh` ask managers, until they are TypeScript: cli/nodes/managers.ts and cli/recover/leader.ts.

# A manager that answers nothing in this time is taken for lost.
readonly MANAGER_SECONDS=30

# Three elections on nodes under software emulation.
readonly LEADER_SECONDS=${FARM_WAIT_SECONDS:-60}

# manager_says NODE COMMAND: whether the command ends well there; a read of managers must not lose its input to ssh.
manager_says() { manager_says_within "$MANAGER_SECONDS" "$@"; }

# manager_says_within SECONDS NODE COMMAND
manager_says_within() {
  in_farm timeout "$1" ssh -n -F "$FARM_HOME/ssh/config" -o ControlPath=none -o ConnectTimeout=10 "$2" "$3" 2>/dev/null
}

# wait_for_leader: before anything is read back. Docker's provider takes a secret that it gets an error for as one that is gone.
wait_for_leader() {
  [ -e "$FARM_HOME/ssh/managers" ] || return 0
  # A swarm that is well answers sooner than all certificates are read.
  manager_says_within 5 any.manager true || refuse_expired
  wait_for "$LEADER_SECONDS" "the swarm to have a leader" swarm_is_led || {
    refuse_expired
    die "too few of its managers answer: start the machines of the others (./farm up --refresh); if they are lost: ./farm recover"
  }
}

# swarm_is_led: or none of its managers answers, and nothing can be taken for gone.
swarm_is_led() { ! manager_says any.manager "docker node ls 2>&1 | grep -q 'does not have a leader'"; }
