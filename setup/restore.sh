# shellcheck shell=bash
# `./farm restore FILE`: the state of the swarm where its managers are lost, or else the database's data.
#
# Everything is checked before anything is touched, and each part can be done again from its beginning.

farm_restore() {
  local file="" part="" yes="" from=$FARM_STACK
  while [ $# -gt 0 ]; do
    case $1 in
      --yes | -y) yes=1 ;;
      --from)
        [ $# -ge 2 ] || die "--from needs the name of a stack"
        from=$2
        shift
        ;;
      --from=*) from=${1#*=} ;;
      -*) die "./farm restore does not know $1; ./farm help lists what it knows" ;;
      *) if [ -z "$file" ]; then file=$1; elif [ -z "$part" ]; then part=$1; else die "./farm restore takes one file and one part, not '$1' too"; fi ;;
    esac
    shift
  done
  [ -n "$file" ] || die "which backup? ./farm restore FILE"
  case $part in '' | swarm | mysql) ;; *) die "a backup has no part '$part'; there are: swarm, mysql" ;; esac
  open_backup "$file"
  [ "$(manifest .stack)" = "$from" ] ||
    die "$file is of the stack '$(manifest .stack)', not of '$from'; to have its data here: --from $(manifest .stack)"
  unlock_stack
  write_ssh_files
  [ -e "$FARM_HOME/ssh/managers" ] || die "there is no farm '$FARM_STACK' to restore to: ./farm up builds it"
  step hypervisor setup_hypervisor
  say "$file: $(manifest '"of \(.stack), \(.date), swarm \(.cluster), \(.parts | keys | map(split(".")[0]) | join(" and "))"')"
  if [ -z "$part" ]; then
    if swarm_answers; then part=mysql; else part=swarm; fi
  fi
  "restore_$part" "$yes"
}

swarm_answers() {
  local manager
  while IFS='=' read -r manager _; do
    if manager_decides "$manager"; then return; fi
  done <"$FARM_HOME/ssh/managers"
  return 1
}

restore_mysql() {
  [ "$(manifest '.parts | has("mysql.sql")')" = true ] || die "$BACKUP has no database: lamp was not deployed"
  swarm_answers || die "no manager of the swarm answers, without which mysql is not found: ./farm doctor"
  find_mysql || die "mysql does not run, and its data is loaded by itself: ./farm docker service ps --no-trunc lamp-mysql"
  say "the database app on $MYSQL_NODE becomes what it was at $(manifest .date): what was written since is lost"
  [ -n "$1" ] || confirmed "go on? [y/N] " || die "nothing was done"
  step mysql load_backup
}

load_backup() {
  backup_part mysql.sql | load_mysql || {
    note "the database is not whole: ./farm restore $BACKUP mysql begins anew"
    return 1
  }
  note "database app on $MYSQL_NODE, tables: $(mysql_tables)"
}

restore_swarm() {
  local node address state
  node=$(manifest .node)
  address=$(sed -n "s/^$node=//p" "$FARM_HOME/ssh/managers")
  check_swarm "$node" "$address"
  state=$(domain_state "$node")
  case $state in
    running) manager_says "$node" true || die "the machine of $node runs and does not answer ssh; its console: ./farm run -- tail /var/log/libvirt/qemu/$FARM_STACK.$node.console.log" ;;
    '') ;;
    *) die "the machine of $node is there and is '$state': ./farm up --refresh starts it, with the swarm on its disk" ;;
  esac
  say "$node becomes the manager of swarm $(manifest .cluster) as it was at $(manifest .date)${state:+; the state that it has now is lost}"
  [ -n "$1" ] || confirmed "go on? [y/N] " || die "nothing was done"
  [ -n "$state" ] || make_machine "$node"
  if swarm_answers; then die "$node was started, and the swarm was still on its disk: nothing is to be restored; ./farm up --refresh"; fi
  step "swarm state" put_swarm "$node" "$address"
  step nodes forget_nodes "$node"
  step "what is older" forget_older "$node"
  say "$node leads the swarm; ./farm up --refresh puts right what was lost with its disk"
}

# check_swarm NODE ADDRESS: that this state is the one that is missed.
check_swarm() {
  local manager known
  [ "$(manifest .stack)" = "$FARM_STACK" ] || die "only the database of another stack's backup can be had here: ./farm restore $BACKUP mysql --from $(manifest .stack)"
  if swarm_answers; then die "the swarm answers and is not replaced by an older one; the database alone: ./farm restore $BACKUP mysql"; fi
  [ -n "$2" ] || die "$BACKUP is of the manager '$1', and the farm has none of that name"
  while IFS='=' read -r manager _; do
    [ "$manager" = "$1" ] || ! manager_says "$manager" true ||
      die "$manager runs, and has a newer state of the swarm than any backup: ./farm recover goes on with it"
  done <"$FARM_HOME/ssh/managers"
  known=$(cd "$REPO" && pulumi stack export | jq -r '.deployment.resources[]? | select(.urn | endswith("::swarm-init")) | .outputs.stdout')
  [ "$known" = "$(manifest .cluster)" ] ||
    die "$BACKUP is of swarm $(manifest .cluster), and Pulumi made ${known:-none}: what it made would not be in it. ./farm up --refresh makes the services anew; their data: ./farm restore $BACKUP mysql"
}

# domain_state NODE: as libvirt says it; nothing where there is no machine.
domain_state() {
  local uri
  for uri in $(host_uris); do
    if farm_virsh domstate "$FARM_STACK.$1" 2>/dev/null; then return; fi
  done
}

# make_machine NODE: and nothing else: a manager that comes up in the same run would be given a new swarm.
make_machine() {
  local urn targets=() read_back=()
  while read -r urn; do
    targets+=(--target "$urn")
    [[ $urn = *-seed ]] || read_back+=(--target "$urn")
  done < <(pulumi stack export | jq -r --arg node "$1" \
    '.deployment.resources[]?.urn | select(test("::" + $node + "-(disk|seed|data|domain|power|report)$"))')
  setup_all
  run_pulumi_as_is refresh --yes --skip-preview "${read_back[@]}"
  run_pulumi_as_is up --yes --skip-preview "${targets[@]}"
}

put_swarm() {
  # Complete on the node before the state that is there goes.
  backup_part swarm.tar | farm_node "$1" 'set -eu
    rm -rf /var/lib/docker/restored
    mkdir -m 0700 /var/lib/docker/restored
    tar -x --numeric-owner -C /var/lib/docker/restored
    systemctl stop docker.socket docker.service
    rm -rf /var/lib/docker/swarm
    mv /var/lib/docker/restored/swarm /var/lib/docker/swarm
    rmdir /var/lib/docker/restored
    systemctl start docker.socket docker.service'
  # The only manager leads by itself, and to be told so would stop the node that it runs by now.
  [ "$(manifest '[.nodes[] | select(.manager)] | length')" -eq 1 ] ||
    farm_node -n "$1" "docker swarm init --force-new-cluster --advertise-addr $2 >/dev/null"
  wait_for 120 "$1 to lead the swarm" manager_decides "$1"
  # As infra/swarm/scripts.ts has it: a disk that does not know its swarm would leave it when it is to join.
  # shellcheck disable=SC2016 # expanded on the node
  farm_node -n "$1" 'set -eu; token=$(docker swarm join-token -q worker); mkdir -p /var/lib/swarm-farm; printf %s "${token%-*}" >/var/lib/swarm-farm/joined'
  keep_membership "$1"
  note "on $1"
}

# keep_membership NODE: that the swarm was made, and that the node joined it, is lost with the machine to Pulumi, which would
# take all nodes out and let them join again, the only manager too. Both came back: they are of the new machine now.
keep_membership() {
  local state kept
  cd "$REPO"
  state=$(pulumi stack export)
  kept=$(jq --arg node "$1" '
    (.deployment.resources | map({key: (.urn | split("::") | last), value: .}) | from_entries) as $known
    | $known["\($node)-join"].inputs.triggers[0] as $old | $known["\($node)-domain"].id as $new
    | (.deployment.resources[] | select(.urn | test("::(swarm-init|" + $node + "-join)$")) | .inputs.triggers, .outputs.triggers)
      |= map(if . == $old then $new else . end)' <<<"$state")
  [ "$kept" = "$(jq . <<<"$state")" ] || pulumi stack import <<<"$kept"
}

# forget_nodes NODE: managers that the swarm had beside it, and nodes that the farm has no more.
forget_nodes() {
  local id name manager gone=()
  while read -r id name manager; do
    [ "$name" != "$1" ] || continue
    if [ -n "$manager" ]; then remove_machine "$name"; elif [ -e "$FARM_HOME/ssh/$name.host" ]; then continue; fi
    farm_node -n "$1" "docker node demote $id >/dev/null 2>&1; docker node rm --force $id >/dev/null" && gone+=("$name")
  done < <(farm_node -n "$1" "docker node ls --format '{{.ID}} {{.Hostname}} {{.ManagerStatus}}'")
  note "${#gone[@]} forgotten${gone[*]:+: ${gone[*]}}"
}

# forget_older NODE: what Pulumi made anew since the backup has the same name and another id; it would be in the way when `up`
# finds that one gone and makes it once more. Services go first: they use the rest.
forget_older() {
  local known kind id name count=0 list
  list=$(for kind in service config secret network; do echo "docker $kind ls --format '$kind {{.ID}} {{.Name}}'"; done)
  known=$(known_in_swarm "$(cd "$REPO" && pulumi stack export)")
  while read -r kind id name; do
    awk -v known="$kind $name" -v id="$id" '$1 " " $2 == known && index($3, id) != 1 { other = 1 } END { exit !other }' <<<"$known" || continue
    # A network is in use until the last task on it has ended.
    wait_for 120 "$kind $name to be removed" farm_node -n "$1" "docker $kind rm $id"
    count=$((count + 1))
  done < <(farm_node -n "$1" "$list")
  note "$count removed, which the farm has newer"
}
