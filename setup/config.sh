# shellcheck shell=bash
# The stack's configuration, read without Pulumi: a wrong one is refused before anything is made for it.

# Keys and values as JSON, once they were read.
CONFIGURATION=

# check_configuration: ends with every problem at once if it is wrong. Nothing is written, not even a cache.
check_configuration() {
  [ -z "$CONFIGURATION" ] || return 0
  CONFIGURATION=$(read_configuration "$(if [ "$(hypervisor_wanted)" = system ]; then echo --networks; fi)") || die_as "$CONFIGURATION"
}

# check_configuration_early: as soon as it can be; where Node.js or its modules are missing that is once they are there.
check_configuration_early() {
  [ -e "$REPO/Pulumi.$FARM_STACK.yaml" ] || die "$(no_stack_file)"
  if can_run_scripts; then check_configuration; fi
}

can_run_scripts() {
  local module
  for module in tsx zod js-yaml; do [ -e "$REPO/node_modules/$module" ] || return 1; done
  command -v node >/dev/null
}

no_stack_file() {
  local file name names=()
  for file in "$REPO"/Pulumi.*.yaml; do
    name=${file##*/Pulumi.}
    [ ! -e "$file" ] || names+=("${name%.yaml}")
  done
  printf 'there is no Pulumi.%s.yaml: copy Pulumi.dev.yaml and change what you like, or name another stack%s' "$FARM_STACK" \
    "$([ ${#names[@]} -eq 0 ] || printf ' (%s)' "$(
      IFS=,
      printf '%s' "${names[*]}" | sed 's/,/, /g'
    )")"
}

# load_configuration: as it is, for commands that must work with a wrong one.
load_configuration() {
  [ -z "$CONFIGURATION" ] || return 0
  CONFIGURATION=$(read_configuration --unchecked) || die_as "$CONFIGURATION"
}

# read_configuration ARGS...: prints it, or what is wrong.
read_configuration() {
  if [ ! -e "$REPO/Pulumi.$FARM_STACK.yaml" ]; then
    no_stack_file
    return 1
  fi
  TSX_DISABLE_CACHE=1 NODE_COMPILE_CACHE='' NODE_NO_WARNINGS=1 node --require=tsx/cjs "$REPO/scripts/check-config.ts" "$REPO" "$FARM_STACK" "$@" 2>&1
}

# die_as MESSAGE: as `die`, with what to do when there is none.
die_as() { die "${1:-Pulumi.$FARM_STACK.yaml cannot be read: ./farm setup installs what is missing}"; }

# config_value KEY: a key of the stack's configuration as JSON; {} when it is not set, or is no map.
config_value() {
  load_configuration
  jq -c --arg key "$1" '(.[$key] | objects) // {}' <<<"$CONFIGURATION"
}
