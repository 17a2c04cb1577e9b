# shellcheck shell=bash
# What `./farm help` and `--help` show.

readonly COMMANDS=(up preview refresh doctor recover rebalance backup restore destroy setup outputs ssh docker secret run env test pulumi)

usage() {
  cat <<'TEXT'
swarm-farm: a Docker Swarm farm on libvirt virtual machines, as one typed Pulumi program

  ./farm up [PULUMI ARGS]        install what is missing, then build or update the farm
  ./farm preview [PULUMI ARGS]   show what `up` would change; --markdown FILE
  ./farm refresh [PULUMI ARGS]   read back what is really there
  ./farm doctor                  what is not as the last `up` left it; `up --refresh` puts it right
  ./farm recover [--yes]         when most managers are lost, or certificates have expired: go on with one manager;
                                 --lost-host HOST where a hypervisor is gone for good
  ./farm rebalance [SERVICE…]    spread tasks again, now; --dry-run only tells
  ./farm backup [FILE|FOLDER]    the swarm's state and the database in one encrypted file
  ./farm restore FILE [PART]     swarm, where its managers are lost, or mysql; --yes, --from STACK
  ./farm destroy [PULUMI ARGS]   remove the farm: nothing is left
  ./farm setup                   only install and build what is missing

  ./farm outputs [--json]        nodes and URLs
  ./farm ssh NODE [COMMAND]      a shell on a node, or one command
  ./farm docker ARGS…            the swarm's docker, on a manager that answers
  ./farm secret USER             the password of the load balancer's or the registry's user
  ./farm run -- COMMAND…         a command where the farm's addresses can be reached
  ./farm env                     for eval: with it plain `pulumi` works on the farm
  ./farm test [unit|live|faults] the tests, or one part of them; faults takes long

  --accept-data-loss NODE   lets `up` delete that node's disk with the volumes on it; repeatable
  --isolated        a libvirt of the farm's own, even where the system has one
  --stack NAME      another farm than dev (or set PULUMI_STACK)

Configuration: Pulumi.dev.yaml, explained in docs/configuration.md
State, backups: ~/.local/state/swarm-farm · caches: ~/.cache/swarm-farm · passphrase: ~/.config/swarm-farm
TEXT
}

# usage_of COMMAND: its line of all, and the options that every command takes.
usage_of() {
  usage | grep -E "^  \./farm $1( |$)"
  case $1 in
    up | preview | refresh | destroy) printf "\n  PULUMI ARGS: those of 'pulumi %s', e.g. --diff; 'pulumi %s --help' lists them\n" "$1" "$1" ;;
  esac
  usage | sed -n '/^  --isolated/,/^$/{/^$/!p}' | sed '1s/^/\n/'
  printf '\nall commands: ./farm help\n'
}

# asks_for_help COMMAND ARGS...: what a program of its own is given is left to that program, but for the first word; plain
# pulumi, which `./farm env` puts on PATH, has its own help.
asks_for_help() {
  local command=$1 arg
  shift
  case $command in
    pulumi) return 1 ;;
    ssh | docker | run) [[ ${1:-} = @(-h|--help) ]] ;;
    *)
      for arg; do
        case $arg in
          -h | --help) return 0 ;;
          --) return 1 ;;
        esac
      done
      return 1
      ;;
  esac
}

# nearest_command WORD: the command that begins as it does, or that it begins with; `previw`, `upp` and `destory` have one.
nearest_command() {
  local name
  for name in "${COMMANDS[@]}"; do
    if [[ $name = "$1"* || $1 = "$name"* || ${name:0:3} = "${1:0:3}" ]]; then
      printf '%s' "$name"
      return
    fi
  done
  return 1
}
