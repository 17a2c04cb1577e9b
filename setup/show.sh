# shellcheck shell=bash
# The farm's page in the terminal: what it runs on, its nodes and its URLs.

banner() { say "swarm-farm $FARM_STACK · configuration Pulumi.$FARM_STACK.yaml"; }

show_farm() {
  local outputs name url
  outputs=$(farm_stack_outputs)
  say
  jq -r '
    def patch: "\(.os) · \(.kernel) · docker \(.docker)";
    (.nodes[0].patchLevel) as $first
    | (["NODE", "ROLE", "ADDRESS", "LABELS", "PATCH LEVEL"] | @tsv),
      (.nodes | to_entries[] | .key as $i | .value
        | [.name, .role, .address, (.labels | to_entries | map("\(.key)=\(.value)") | join(",") | if . == "" then "-" else . end),
           (if $i > 0 and .patchLevel == $first then "same" else .patchLevel | patch end)] | @tsv)
  ' <<<"$outputs" | column -t -s $'\t' >&3
  while read -r name url; do say "$(forwarded "$name" "$url")  $name"; done \
    < <(jq -r '.urls | to_entries[] | "\(.key) \(.value)"' <<<"$outputs")
  if jq -e '.urls.visualizer' <<<"$outputs" >/dev/null; then say "for visualizer: user admin, password: ./farm secret admin"; fi
  say "next: ./farm preview · ./farm ssh $(jq -r '.nodes[-1].name' <<<"$outputs") · ./farm docker node ls · ./farm destroy"
}

# The outputs of the stack as JSON; a farm that is only half built has none to show.
farm_stack_outputs() {
  load_outputs
  jq -e 'has("nodes") and has("urls")' <<<"$OUTPUTS" >/dev/null ||
    die "the farm '$FARM_STACK' is not complete: ./farm up goes on"
  jq 'del(.sshFiles, .logins)' <<<"$OUTPUTS"
}

# The outputs as Pulumi shows them, secrets masked, once they were read.
OUTPUTS=

load_outputs() { [ -n "$OUTPUTS" ] || OUTPUTS=$(pulumi_answer stack output --json) || exit 1; }
