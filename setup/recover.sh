# shellcheck shell=bash
# `./farm recover`: a swarm that has lost the majority of its managers goes on with one that is left.

# A manager that answers nothing in this time is taken for lost.
readonly MANAGER_SECONDS=30

# A swarm that begins anew elects its leader first: 20 s were seen under software emulation.
readonly INIT_SECONDS=120

# Three elections on nodes under software emulation.
readonly LEADER_SECONDS=${FARM_WAIT_SECONDS:-60}

farm_recover() {
  local yes="" manager address leading="" left left_address="" running=() lost=() name
  case "$*" in '') ;; --yes | -y) yes=1 ;; *) die "./farm recover takes --yes or nothing" ;; esac
  write_ssh_files
  [ -e "$FARM_HOME/ssh/managers" ] || die "there is no farm '$FARM_STACK' whose managers are known"
  while IFS='=' read -r manager address; do
    if manager_says "$manager" true; then
      ! manager_decides "$manager" || leading=$manager
      running+=("$manager")
      left_address=${left_address:-$address}
    else
      lost+=("$manager")
    fi
  done <"$FARM_HOME/ssh/managers"
  [ ${#running[@]} -gt 0 ] || die "no manager answers: start one first (./farm up --refresh)"
  if [ ${#running[@]} -gt ${#lost[@]} ]; then
    [ -z "$leading" ] || die "the swarm has a leader, nothing is to be recovered ($leading answers); what is wrong: ./farm doctor"
    die "${running[*]} run, which is a majority: if their Docker runs too they find a leader by themselves; else restart it: ./farm ssh ${running[0]} systemctl restart docker"
  fi
  # A leader needs some seconds to see that it has lost those whom it led.
  [ -z "$leading" ] || wait_for 120 "$leading to see that it leads nobody" manager_is_led_by_none "$leading"
  left=${running[0]}
  say "the majority is lost: ${running[*]} left, ${lost[*]} do not answer"
  say "$left goes on alone, with every service, secret and worker; machines and disks of ${lost[*]} are removed: should they come back by themselves, they could be a second swarm"
  [ -n "$yes" ] || confirmed "go on? [y/N] " || die "nothing was done"
  for name in "${lost[@]}"; do remove_machine "$name"; done
  # What runs beside it has no leader either: it joins again, with its machine as it is.
  for name in "${running[@]:1}"; do
    manager_says "$name" "docker swarm leave --force >/dev/null; [ \"\$(docker info -f '{{.Swarm.LocalNodeState}}')\" = inactive ]" ||
      die "$name does not leave the swarm that has no leader: ./farm ssh $name journalctl -u docker; then once more"
  done
  manager_says_within "$INIT_SECONDS" "$left" "docker swarm init --force-new-cluster --advertise-addr $left_address >/dev/null" ||
    die "$left could not go on alone: ./farm ssh $left journalctl -u docker"
  wait_for 120 "$left to lead the swarm" manager_decides "$left"
  for name in "${running[@]:1}" "${lost[@]}"; do
    manager_says "$left" "docker node demote $name >/dev/null 2>&1; docker node rm --force $name >/dev/null" || true
  done
  say "$left leads the swarm; ./farm up --refresh makes ${lost[*]} anew, and all managers join it"
}

# manager_says NODE COMMAND: whether the command ends well there; a read of managers must not lose its input to ssh.
manager_says() { manager_says_within "$MANAGER_SECONDS" "$@"; }

# manager_says_within SECONDS NODE COMMAND
manager_says_within() {
  in_farm timeout "$1" ssh -n -F "$FARM_HOME/ssh/config" -o ControlPath=none -o ConnectTimeout=10 "$2" "$3" 2>/dev/null
}

# manager_decides NODE: whether it knows a leader.
manager_decides() { manager_says "$1" "docker node ls >/dev/null 2>&1"; }

# wait_for_leader: before anything is read back. Docker's provider takes a secret that it gets an error for as one that is gone.
wait_for_leader() {
  [ -e "$FARM_HOME/ssh/managers" ] || return 0
  wait_for "$LEADER_SECONDS" "the swarm to have a leader" swarm_is_led ||
    die "too few of its managers answer: start the machines of the others (./farm up --refresh); if they are lost: ./farm recover"
}

# swarm_is_led: or none of its managers answers, and nothing can be taken for gone.
swarm_is_led() { ! manager_says any.manager "docker node ls 2>&1 | grep -q 'does not have a leader'"; }

manager_is_led_by_none() { ! manager_decides "$1"; }

# remove_machine NODE: with its disk, from whichever hypervisor has it.
remove_machine() {
  local uri
  for uri in $(host_uris); do
    farm_virsh dominfo "$FARM_STACK.$1" >/dev/null 2>&1 || continue
    farm_virsh destroy "$FARM_STACK.$1" >/dev/null 2>&1 || true
    farm_virsh undefine "$FARM_STACK.$1" --nvram >/dev/null
    farm_virsh vol-delete --pool "swarm-farm-$FARM_STACK" "$1.qcow2" >/dev/null
    say "removed the machine of $1 and its disk"
  done
}

confirmed() {
  local answer
  is_interactive || return 1
  read -rp "$1" answer
  [[ $answer = [yY]* ]]
}
