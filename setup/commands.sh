# shellcheck shell=bash
# The commands a person types. Each has its environment prepared by `prepare_environment` before it runs.

# parse_common ARGS...: takes our own options out; REST is what remains.
parse_common() {
  REST=()
  while [ $# -gt 0 ]; do
    case $1 in
      --isolated) export FARM_ISOLATED=1 ;;
      --stack | -s)
        [ $# -ge 2 ] || die "$1 needs a name"
        FARM_STACK=$2
        shift
        ;;
      --stack=*) FARM_STACK=${1#*=} ;;
      --)
        shift
        REST+=("$@")
        break
        ;;
      *) REST+=("$1") ;;
    esac
    shift
  done
  FARM_HOME=$FARM_STATE/$FARM_STACK
  [[ $FARM_STACK =~ ^[a-z][a-z0-9-]{0,30}$ ]] || die "the stack's name '$FARM_STACK' must be lower-case letters, digits and hyphens, at most 31"
  # Folders beside the farms' own.
  [[ $FARM_STACK != @(pulumi|backups) ]] || die "no stack can be named '$FARM_STACK': its folder would be that of other things"
}

prepare_environment() {
  PATH=$FARM_CACHE/node/bin:$(remove_shim "$PATH")
  PATH=$(toolchain_path)$PATH
  export PATH PULUMI_HOME=$PLUGIN_HOME PULUMI_CREDENTIALS_PATH=$CREDENTIALS_HOME
  # Half a second of each run of the program.
  export NODE_COMPILE_CACHE=$FARM_CACHE/compiled
  # Nearly as much: Pulumi and its plugins are small, and most runs end before there is garbage worth collecting.
  export GOGC=${GOGC:-400}
  pulumi_env
}

# The shim of `./farm env` would call this script again.
remove_shim() { printf '%s' "$1" | sed "s|$REPO/cli/bin:||g"; }

setup_tools() {
  step packages setup_packages
  step "node modules" setup_node_modules
}

# The guest image brings container images along, so they come first.
setup_images() {
  step images setup_container_images
  step "guest image" setup_guest_image
}

# The stack comes before the images: its configuration says which.
setup_all() {
  check_configuration_early
  setup_tools
  check_configuration
  step toolchain setup_toolchain
  step stack setup_stack
  setup_images
}

farm_setup() { setup_all; }

farm_up() {
  local args=("$@")
  banner
  setup_all
  step hypervisor setup_hypervisor
  write_ssh_files
  is_interactive || args+=(--yes)
  if asks_for_refresh "${args[@]}"; then
    # What does not come back by itself is about to be repaired.
    look 0
    repair
    args+=("${REPAIRS[@]}")
  else
    look
    if [ -n "$MISSING" ]; then
      say "what is missing is read back first, as with --refresh"
      repair
      args+=(--refresh "${REPAIRS[@]}")
    fi
  fi
  [ ${#RENEWALS[@]} -eq 0 ] || say "certificates that end within 30 days are renewed"
  GUARDED=yes run_pulumi up "${args[@]}" "${RENEWALS[@]}"
  start_forwards
  gate
  show_farm
}

# asks_for_refresh ARGS...: in any of the ways that Pulumi understands; the last one counts.
asks_for_refresh() {
  local arg asked=1
  for arg; do
    case $arg in
      --refresh | --refresh=[tT1]* | -r=[tT1]*) asked=0 ;;
      --refresh=* | -r=*) asked=1 ;;
      -*) if [[ $arg =~ $SWITCHES && $arg = *r* ]]; then asked=0; fi ;;
    esac
  done
  return "$asked"
}

# without_refresh ARGS...: sets WITHOUT_REFRESH to what remains.
without_refresh() {
  local arg
  WITHOUT_REFRESH=()
  for arg; do
    case $arg in --refresh | --refresh=* | -r=* | -r) continue ;; esac
    if [[ $arg =~ $SWITCHES ]]; then arg=${arg//r/}; fi
    WITHOUT_REFRESH+=("$arg")
  done
}

# Letters behind one hyphen, none of which takes a value.
readonly SWITCHES='^-[defjryQ]+$'

# refresh_scaled STATE: services that the steward scales are read back first: an update hands Swarm the whole service, its
# count included.
refresh_scaled() {
  local urn targets=()
  while read -r urn; do targets+=(--target "$urn"); done < <(jq -r '.deployment.resources[]?
    | select(.type == "docker:index/service:Service" and any(.inputs.labels[]?; .label == "swarm-farm.autoscale")) | .urn' <<<"$1")
  [ ${#targets[@]} -eq 0 ] || run_pulumi_as_is refresh --yes --skip-preview "${targets[@]}"
}

farm_refresh() {
  local args=("$@")
  is_interactive || args+=(--yes)
  check_configuration_early
  step hypervisor setup_hypervisor
  write_ssh_files
  run_pulumi refresh "${args[@]}"
}

farm_destroy() {
  local args=("$@")
  is_interactive || args+=(--yes)
  [ -e "$FARM_HOME" ] || die "there is no farm '$FARM_STACK' here ($FARM_HOME)"
  farm_pulumi destroy "${args[@]}"
}

# farm_pulumi ARGS...: plain pulumi where the hypervisor is; what `./farm env` puts on PATH.
farm_pulumi() {
  case ${1:-} in
    up | update | preview | refresh) check_configuration_early ;;
    # A farm whose configuration is wrong can be destroyed; which hypervisors it is on must be known.
    destroy | down) load_configuration ;;
  esac
  [ "$(hypervisor_mode)" = system ] || isolated_is_running || step hypervisor start_isolated
  run_pulumi "$@"
  case ${1:-} in
    up | update) start_forwards ;;
    destroy | down) clean_up_if_empty ;;
  esac
}

# run_pulumi ARGS...: with GUARDED set, a loss of data is named first (setup/data-loss.sh).
run_pulumi() {
  local state='' refreshes=''
  cd "$REPO"
  if [ "${1:-}" = refresh ] || asks_for_refresh "$@"; then refreshes=yes; fi
  case ${1:-} in up | update | preview | refresh | destroy | down) unlock_stack ;; esac
  case ${1:-} in
    destroy | down) ;;
    *) [ -z "$refreshes" ] || wait_for_leader ;;
  esac
  case ${1:-} in
    up | update | destroy | down)
      if ! is_settled || is_scaled || [[ $1 = destroy || $1 = down ]]; then state=$(pulumi stack export); fi
      is_settled || sweep_orphans "$state"
      case $1 in
        destroy | down) stand_in_for_lost "$state" ;;
        up | update)
          is_settled || sweep_swarm "$state"
          uploads_nothing || check_room || exit 1
          ;;
      esac
      # Until it has ended well.
      rm -f "$FARM_HOME/settled"
      ;;
  esac
  if [ -n "$refreshes" ]; then
    case ${1:-} in
      up | update)
        # First it is read, then compared: what is left out of the one must not be left out of the other.
        run_pulumi_as_is refresh --yes --skip-preview "${WITHOUT_SEEDS[@]}"
        without_refresh "$@"
        set -- "${WITHOUT_REFRESH[@]}"
        ;;
      *) set -- "$@" "${WITHOUT_SEEDS[@]}" ;;
    esac
  else
    case ${1:-} in up | update) ! is_scaled || refresh_scaled "$state" ;; esac
  fi
  local status=0
  if [ -n "${GUARDED:-}" ]; then run_guarded "$@" || status=$?; else run_pulumi_as_is "$@" || status=$?; fi
  if [ "$status" -eq 75 ] && [ -z "${BEGUN_ANEW:-}" ]; then
    say "farm: libvirt provider hung; killed it and retrying"
    BEGUN_ANEW=yes run_pulumi "$@"
    return
  fi
  [ "$status" -eq 0 ] || return "$status"
  case ${1:-} in up | update) touch "$FARM_HOME/settled" ;; esac
}

# is_settled: the last update ended well, so that Pulumi knows all there is. Where others may have made it nobody knows.
is_settled() {
  case ${PULUMI_BACKEND_URL:-} in file://*) [ -e "$FARM_HOME/settled" ] ;; *) false ;; esac
}

# uploads_nothing: neither the configuration nor a guest image came since the last update ended well.
uploads_nothing() {
  is_settled && [ ! "Pulumi.$FARM_STACK.yaml" -nt "$FARM_HOME/settled" ] && [ ! "$FARM_CACHE/guest" -nt "$FARM_HOME/settled" ]
}

# is_scaled: whether the steward may have changed the count of a service.
is_scaled() { grep -q autoscale "Pulumi.$FARM_STACK.yaml"; }

# Seeds are not read back, which the provider can wait for without an end (setup/stuck.sh).
readonly WITHOUT_SEEDS=(--exclude '**libvirt:index/cloudinitDisk:CloudinitDisk::*')

# Plugins outlive an engine that is killed: they must not hold the stream of whoever called.
run_pulumi_as_is() { watched in_farm pulumi "$@" 3>&-; }

# After everything is destroyed there is nothing to keep a libvirt, a namespace or keys for.
clean_up_if_empty() {
  local left
  left=$(pulumi stack export | jq '[.deployment.resources[]? | select(.type != "pulumi:pulumi:Stack")] | length')
  [ "$left" -eq 0 ] || return 0
  stop_forwards
  if [ "$(hypervisor_mode)" = isolated ]; then stop_isolated; else rm -f /var/log/libvirt/qemu/"$FARM_STACK".*.console.log; fi
  rm -rf "$FARM_HOME"
}

is_interactive() { [ -t 0 ] && [ -t 1 ]; }

# farm_node NAME [COMMAND]: ssh to a node, or to any.manager.
farm_node() { in_farm ssh -F "$FARM_HOME/ssh/config" "$@"; }

# The tests make stacks of their own; what they need besides is what `up` needs.
farm_test() {
  setup_tools
  step toolchain setup_toolchain
  step browser setup_browser
  step nginx setup_nginx
  setup_images
  "$REPO/tests/run" "$@"
}

node_names() { farm_stack_outputs | jq -r '[.nodes[].name] | join(", ")'; }
