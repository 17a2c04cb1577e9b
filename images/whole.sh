#!/usr/bin/env bash
# For push and push-copied.

# Whether each part that the manifest names is there, with the content of that name. skopeo's own words for one that is not depend on who
# is first to see it.
whole() {
  (cd "$LAYOUT" && jq -er '.config, .layers[] | .digest | sub("^sha256:"; "") | "\(.)  \(.)"' manifest.json | sha256sum --check --status) 2>/dev/null
}
