# shellcheck shell=bash
# What `./farm up` looks at before Pulumi, which takes what it made for what is there, and after it.

# What a look found missing, a line each: a refresh lets Pulumi see it.
MISSING=

# Arguments to Pulumi that renew the certificates which end within 30 days.
RENEWALS=()

# A node whose VM runs may be about to come back: `up` waits for its node this long while nothing changes.
readonly QUIET_SECONDS=120

# look [QUIET]: starts VMs that are off, and sets MISSING. One manager and every libvirt are asked once, where nothing is amiss.
look() {
  local found urn
  MISSING='' RENEWALS=()
  [ -e "$FARM_HOME/ssh/config" ] || return 0
  found=$(mktemp)
  if step machines look_at_machines "$found" "${1:-$QUIET_SECONDS}"; then
    MISSING=$(cat "$found")
    [ ! -e "$found.renew" ] || while read -r urn; do RENEWALS+=(--replace "$urn"); done <"$found.renew"
    rm -f "$found" "$found.renew"
  else
    rm -f "$found" "$found.renew"
    return 1
  fi
}

look_at_machines() {
  load_configuration
  cd "$REPO"
  { printf '%s\n' "$CONFIGURATION" && pulumi stack export; } |
    in_farm node --require=tsx/cjs scripts/look.ts "$FARM_HOME/ssh/config" "$FARM_STACK" "$BOOT_SECONDS" "$2" | report "$1"
}

# gate: whether the farm works and rests; ends with 1 after BOOT_SECONDS if not.
gate() {
  load_outputs
  jq -e 'has("nodes") and has("urls")' <<<"$OUTPUTS" >/dev/null || return 0
  step services ask_services
}

ask_services() {
  cd "$REPO"
  in_farm node --require=tsx/cjs scripts/gate.ts "$FARM_HOME/ssh/config" "$BOOT_SECONDS" <<<"$OUTPUTS" | report /dev/null
}

# report MISSING_FILE: shows the lines that a script prints for `./farm`; what is missing goes to the file.
report() {
  local kind text said=''
  while read -r kind text; do
    case $kind in
      progress) progress "$text" ;;
      note) said+=${said:+$'\n  '}$text ;;
      renew) printf '%s\n' "$text" >>"$1.renew" ;;
      missing) printf '%s\n' "$text" >>"$1" ;;
    esac
  done
  note "$said"
}
