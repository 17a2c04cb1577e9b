# shellcheck shell=bash
# What a run that was cut off made without Pulumi's knowing: it would be in the way of the next, or, as a half uploaded
# image, be taken for what it is not.
#
# Only what is surely this farm's is removed: everything in an isolated libvirt, and in another what has the farm's name
# where Pulumi knows the farm's pool. Without that the name may be another person's farm: the run fails at it, and
# docs/how-to/repair.md says what to do.

# sweep_orphans STATE: as `pulumi stack export` gives it.
sweep_orphans() {
  local known uri
  known=$(jq -r '.deployment.resources[]? | select(.type | startswith("libvirt:index/"))
    | "\(.type | capture("index/(?<kind>\\w+):").kind) \(.outputs.name)"' <<<"$1" | sed 's/^cloudinitDisk /volume /')
  for uri in $(host_uris); do
    sweep_host "$uri"
  done
}

sweep_host() {
  local uri=$1 name farm=swarm-farm-$FARM_STACK
  is_known pool "$farm" || { [ "$uri" = qemu:///system ] && [ "$(hypervisor_mode)" = isolated ]; } || return 0
  for name in $(orphans domain list --all --name); do
    [[ $name = "$FARM_STACK".* ]] || continue
    farm_virsh destroy "$name" >/dev/null 2>&1 || true
    swept "machine $name" undefine "$name" --nvram
  done
  for name in $(orphans volume vol-list "$farm"); do swept "volume $name" vol-delete --pool "$farm" "$name"; done
  for name in $(orphans network net-list --all --name); do
    [ "$name" = "$farm" ] || continue
    farm_virsh net-destroy "$name" >/dev/null 2>&1 || true
    swept "network $name" net-undefine "$name"
  done
  for name in $(orphans pool pool-list --all --name); do
    [ "$name" = "$farm" ] || continue
    farm_virsh pool-destroy "$name" >/dev/null 2>&1 || true
    swept "pool $name" pool-undefine "$name"
  done
}

# orphans KIND VIRSH ARGS...: names that virsh lists and Pulumi does not know as that kind.
orphans() {
  local kind=$1 name
  shift
  farm_virsh "$@" 2>/dev/null | awk 'NF { print $1 }' | while read -r name; do
    is_known "$kind" "$name" || echo "$name"
  done
}

is_known() { grep -qxF "$1 $2" <<<"$known"; }

# host_uris: where libvirt is reached, a line for each hypervisor of the configuration.
host_uris() { config_value hosts | jq -r 'if . == {} then "qemu:///system" else .[].uri end'; }

farm_virsh() { in_farm virsh -q -c "$uri" "$@"; }

# swept WHAT VIRSH ARGS...: removes it, and says so.
swept() {
  local what=$1
  shift
  farm_virsh "$@" >/dev/null && say "removed what an interrupted run left: $what"
}

# stand_in_for_lost STATE: to delete a machine that is gone is an error to Pulumi's provider, and to read it back would make
# Pulumi forget what goes with it without a call, as everything in a swarm does. An empty one is put in its place.
stand_in_for_lost() {
  local machines uri uris name id there
  machines=$(jq -r '[.deployment.resources[]?] as $all | $all[] | select(.type == "libvirt:index/domain:Domain") | . as $machine
    | ($all[] | select(.urn == ($machine.provider | sub("::[^:]*$"; ""))) | .inputs.uri) as $uri
    | "\($uri) \($machine.outputs.name) \($machine.id)"' <<<"$1")
  mapfile -t uris < <(awk 'NF { print $1 }' <<<"$machines" | sort -u)
  for uri in "${uris[@]}"; do
    there=$(farm_virsh list --all --name) || continue
    while read -r name id; do
      ! grep -qxF "$name" <<<"$there" || continue
      farm_virsh define /dev/stdin >/dev/null \
        <<<"<domain type='qemu'><name>$name</name><uuid>$id</uuid><memory>1024</memory><os><type>hvm</type></os></domain>"
      say "the machine $name was gone already"
    done < <(awk -v uri="$uri" '$1 == uri { print $2, $3 }' <<<"$machines")
  done
}

# sweep_swarm STATE: what this Pulumi project made in the swarm for this Pulumi stack and did not record. Another program in
# the same swarm has another project or stack in its label. Without one, nothing tells whose it is: it stays. A swarm that
# does not answer has nothing to do with it.
sweep_swarm() {
  local kind name known unknown project
  jq -e 'any(.deployment.resources[]?; .urn | endswith("::swarm-docker"))' >/dev/null <<<"$1" || return 0
  known=$(known_in_swarm "$1" | cut -d ' ' -f 1,2)
  project=$(jq -r 'first(.deployment.resources[].urn) | split("::")[1]' <<<"$1")
  for kind in service config secret network; do
    unknown=$(manager_says any.manager "docker $kind ls --filter label=swarm-farm.made-by=$project/$FARM_STACK --format '{{.Name}}'" || true)
    for name in $unknown; do
      is_known "$kind" "$name" || { manager_says any.manager "docker $kind rm $name >/dev/null" && say "removed what an interrupted run left: $kind $name"; }
    done
  done
}

# known_in_swarm STATE: what Pulumi made in the swarm and knows of, a line `KIND NAME ID` each.
known_in_swarm() {
  jq -r '.deployment.resources[]? | select(.type | test("^docker:index/(service|serviceConfig|secret|network):"))
    | "\(.type | ascii_downcase | split(":") | last | sub("serviceconfig"; "config")) \(.outputs.name // .inputs.name) \(.id)"' <<<"$1"
}
