# shellcheck shell=bash
# `./farm recover`: a swarm that has lost the majority of its managers goes on with one that is left.

# A manager that answers nothing in this time is taken for lost.
readonly MANAGER_SECONDS=30

# A swarm that begins anew elects its leader first: 20 s were seen under software emulation.
readonly INIT_SECONDS=120

# Three elections on nodes under software emulation.
readonly LEADER_SECONDS=${FARM_WAIT_SECONDS:-60}

# A node leaves the swarm, or its Docker restarts, under software emulation.
readonly NODE_SECONDS=300

farm_recover() {
  local yes='' manager address leading='' left running=() lost=() expired=() healthy=() gone_hosts=() dates name
  local -A address_of
  parse_recover "$@"
  write_ssh_files
  [ -e "$FARM_HOME/ssh/managers" ] || die "there is no farm '$FARM_STACK' whose managers are known"
  # shellcheck disable=SC2046 # a word for each node
  dates=$(expired_nodes $(all_nodes)) || die "the nodes cannot be asked for their certificates: see above"
  while IFS='=' read -r manager address; do
    address_of[$manager]=$address
    if ! manager_says "$manager" true; then
      lost+=("$manager")
      continue
    fi
    running+=("$manager")
    if has_expired "$manager"; then
      expired+=("$manager")
    else
      healthy+=("$manager")
      ! manager_decides "$manager" || leading=$manager
    fi
  done <"$FARM_HOME/ssh/managers"
  [ ${#running[@]} -gt 0 ] || die "no manager answers: start one first (./farm up --refresh)"
  if [ ${#healthy[@]} -gt $((${#lost[@]} + ${#expired[@]})) ]; then
    [ -z "$leading" ] || die "the swarm has a leader, nothing is to be recovered ($leading answers); what is wrong: ./farm doctor"
    die "${healthy[*]} run, which is a majority: if their Docker runs too they find a leader by themselves; else restart it: ./farm ssh ${healthy[0]} systemctl restart docker"
  fi
  check_lost_hosts
  # A leader needs some seconds to see that it has lost its followers.
  [ -z "$leading" ] || wait_for 120 "$leading to see that it leads nobody" manager_is_led_by_none "$leading" ||
    die "$leading leads the swarm, nothing is to be recovered; ./farm up --refresh lets nodes whose certificates have expired join again"
  if [ ${#healthy[@]} -gt 0 ]; then left=${healthy[0]}; else left=$(newest "${expired[@]}"); fi
  announce_recovery
  [ -n "$yes" ] || confirmed "go on? [y/N] " || die "nothing was done"
  for name in "${lost[@]}"; do remove_machine "$name"; done
  # Before the others leave: what it could not take over stays on their disks.
  if has_expired "$left"; then lead_alone "$(renew_command "${address_of[$left]}")"; fi
  # Those that run have no leader either: they join again, with their VMs as they are.
  for name in "${running[@]}"; do
    [ "$name" = "$left" ] || leave_swarm "$name"
  done
  has_expired "$left" || lead_alone "docker swarm init --force-new-cluster --advertise-addr ${address_of[$left]} >/dev/null"
  wait_for "$INIT_SECONDS" "$left to lead the swarm" manager_decides "$left"
  # Swarm renews it at once, and nobody can join before.
  ! has_expired "$left" || wait_for "$INIT_SECONDS" "$left to have a new certificate" has_new_certificate "$left"
  for name in "${running[@]}" "${lost[@]}"; do
    [ "$name" = "$left" ] || forget_node "$name"
  done
  while read -r name _; do
    if [ -z "$name" ] || [ -n "${address_of[$name]:-}" ]; then continue; fi
    leave_swarm "$name"
    forget_node "$name"
  done <<<"$dates"
  say "$left leads the swarm; ./farm up --refresh ${lost[*]:+recreates ${lost[*]}, and }lets all other nodes join it"
}

# parse_recover ARGS...: sets `yes` and `gone_hosts` of farm_recover.
parse_recover() {
  while [ $# -gt 0 ]; do
    case $1 in
      --yes | -y) yes=1 ;;
      --lost-host)
        [ $# -ge 2 ] || die "--lost-host needs the name of a hypervisor"
        gone_hosts+=("$2")
        shift
        ;;
      --lost-host=*) gone_hosts+=("${1#*=}") ;;
      *) die "./farm recover takes --yes and --lost-host HOST, not '$1'" ;;
    esac
    shift
  done
}

# announce_recovery: what was found, and what is about to be done.
announce_recovery() {
  [ -z "$dates" ] || say "the swarm's certificates have expired: $(listed "$dates")"
  if [ ${#lost[@]} -gt 0 ]; then
    say "the majority is lost: ${running[*]} left, ${lost[*]} do not answer; if their VMs are only off, start them first: ./farm up"
    say "VMs and disks of ${lost[*]} are removed: should they come back by themselves, they could be a second swarm"
  fi
  say "$left goes on alone, with every service, secret, config and volume; the others join it again"
}

# all_nodes: names of the nodes that ssh knows.
all_nodes() {
  local file
  for file in "$FARM_HOME"/ssh/*.host; do
    [ -e "$file" ] || continue
    file=${file##*/}
    echo "${file%.host}"
  done
}

# lead_alone COMMAND
lead_alone() {
  manager_says_within "$((INIT_SECONDS + NODE_SECONDS))" "$left" "$1" ||
    die "$left could not go on alone: ./farm ssh $left journalctl -u docker; then once more"
}

# leave_swarm NODE: its VM and volumes stay. Docker keeps the containers of a swarm that it could not start.
leave_swarm() {
  manager_says_within "$NODE_SECONDS" "$1" "docker swarm leave --force >/dev/null; [ \"\$(docker info -f '{{.Swarm.LocalNodeState}}')\" = inactive ] &&
    docker ps -aq --filter label=com.docker.swarm.task.id | xargs -r docker rm -f >/dev/null" ||
    die "$1 does not leave the swarm that has no leader: ./farm ssh $1 journalctl -u docker; then once more"
}

forget_node() {
  manager_says "$left" "docker node demote $1 >/dev/null 2>&1; docker node rm --force $1 >/dev/null" || true
}

# check_lost_hosts: a lost manager on a hypervisor that does not answer could come back as a second swarm. Refused before
# anything is touched, unless the person says that the hypervisor is gone.
check_lost_hosts() {
  local host uri away=() name found
  [ ${#lost[@]} -gt 0 ] || return 0
  while read -r host uri; do
    [[ " ${gone_hosts[*]} " = *" $host "* ]] || host_answers "$uri" || away+=("$host")
  done < <(config_value hosts | jq -r 'if . == {} then "local qemu:///system" else to_entries[] | "\(.key) \(.value.uri)" end')
  [ ${#away[@]} -gt 0 ] || return 0
  for name in "${lost[@]}"; do
    found=
    for uri in $(host_uris); do
      ! farm_virsh dominfo "$FARM_STACK.$name" >/dev/null 2>&1 || found=1
    done
    [ -n "$found" ] ||
      die "hypervisor '${away[*]}' does not answer, and may have the VM of $name, which could come back as a second swarm: bring the hypervisor back; if it is gone for good: ./farm recover --lost-host ${away[0]}"
  done
}

host_answers() { in_farm timeout "$MANAGER_SECONDS" virsh -q -c "$1" list --name >/dev/null 2>&1 </dev/null; }

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
  # A swarm that is well answers sooner than all certificates are read.
  manager_says_within 5 any.manager true || refuse_expired
  wait_for "$LEADER_SECONDS" "the swarm to have a leader" swarm_is_led || {
    refuse_expired
    die "too few of its managers answer: start the machines of the others (./farm up --refresh); if they are lost: ./farm recover"
  }
}

# swarm_is_led: or none of its managers answers, and nothing can be taken for gone.
swarm_is_led() { ! manager_says any.manager "docker node ls 2>&1 | grep -q 'does not have a leader'"; }

manager_is_led_by_none() { ! manager_decides "$1"; }

# remove_machine NODE: the VM with its disks, from whichever hypervisor has it.
remove_machine() {
  local uri pool=swarm-farm-$FARM_STACK volume
  for uri in $(host_uris); do
    farm_virsh dominfo "$FARM_STACK.$1" >/dev/null 2>&1 || continue
    farm_virsh destroy "$FARM_STACK.$1" >/dev/null 2>&1 || true
    farm_virsh undefine "$FARM_STACK.$1" --nvram >/dev/null
    for volume in "$1.qcow2" "$1-data.qcow2"; do
      ! farm_virsh vol-info --pool "$pool" "$volume" >/dev/null 2>&1 || farm_virsh vol-delete --pool "$pool" "$volume" >/dev/null
    done
    say "removed the VM of $1 and its disks"
  done
}

confirmed() {
  local answer
  is_interactive || return 1
  read -rp "$1" answer
  [[ $answer = [yY]* ]]
}
