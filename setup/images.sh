# shellcheck shell=bash
# The guest image and the container images: built from recipes, kept in the cache under the hash of their content.

# preloaded_images: the images that the guest image brings along: the base first, on which most stand.
preloaded_images() { cat "$REPO/images/guest/preload"; }

# Each image to build, a line `NAME<TAB>FOLDER`: those of the guest image, and what the configuration's stacks ask for.
RECIPES=

# load_recipes: before a function that runs in a subshell asks for a folder.
load_recipes() {
  [ -z "$RECIPES" ] || return 0
  [ -n "$CONFIGURATION" ] || load_configuration
  RECIPES=$(TSX_DISABLE_CACHE=1 NODE_COMPILE_CACHE='' NODE_NO_WARNINGS=1 node --require=tsx/cjs "$REPO/scripts/images-wanted.ts" <<<"$CONFIGURATION")
}

images_wanted() {
  load_recipes
  cut -f 1 <<<"$RECIPES"
}

# recipe_folder NAME
recipe_folder() {
  load_recipes
  awk -F '\t' -v name="$1" '$1 == name { print $2 }' <<<"$RECIPES"
}

# guest_versions: for each of the farm's own images that the configuration asks for, its version, or `-`.
guest_versions() {
  jq -nr --argjson farm "$(config_value image)" --argjson nodes "$(config_value nodes)" '
    [(if any($nodes[]; .image == null) then $farm else empty end), ($nodes[].image | values)] |
    map(select((.kind // "farm") == "farm") | .version // .updated // "-") | unique[]'
}

# As infra/images/guest.ts names an image: the recipe, and its version if set.
setup_guest_image() {
  local recipe version key dir notes=()
  load_recipes
  recipe=$(guest_key)
  for version in $(guest_versions); do
    key=$recipe$([ "$version" = - ] || printf %s "-$version")
    dir=$FARM_CACHE/guest/$key
    if [ ! -e "$dir/manifest.json" ]; then
      need_space "$FARM_CACHE" 4000 "building the guest image"
      progress "building from Debian packages"
      mkdir -p "$FARM_CACHE/guest"
      preloaded_layouts | xargs -d '\n' "$REPO/images/guest/build.sh" "$dir"
    fi
    notes+=("$(jq -r .os "$dir/manifest.json") ${key:0:6}${key:16} · $(du -m "$dir/disk.qcow2" | cut -f1) MB")
  done
  if [ ${#notes[@]} -eq 0 ]; then note "the configuration's own"; else note "$(
    IFS=,
    printf '%s' "${notes[*]}" | sed 's/,/, /g'
  )"; fi
}

# image_key NAME: as infra/images/container.ts has it: the recipe, how it is built, and what it stands on.
image_key() {
  local inputs
  mapfile -t inputs < <(image_inputs "$1")
  content_hash "${inputs[@]}"
}

image_inputs() {
  local folder
  folder=$(recipe_folder "$1")
  printf '%s\n' "$folder" "$REPO/images/build"
  [ ! -e "$folder/inputs" ] || sed "/^$/d; s|^|$REPO/|" "$folder/inputs"
}

image_layout() { printf '%s/images/%s-%s' "$FARM_CACHE" "$1" "$(image_key "$1")"; }

# guest_key: as infra/images/guest-content.ts has it: the recipe, and what the images in its Docker store are made of.
guest_key() {
  local name inputs=("$REPO/images/guest")
  for name in $(preloaded_images); do mapfile -t -O "${#inputs[@]}" inputs < <(image_inputs "$name"); done
  content_hash "${inputs[@]}"
}

# preloaded_layouts: they must be built before the guest image.
preloaded_layouts() {
  local name
  for name in $(preloaded_images); do printf '%s\n' "$(image_layout "$name")"; done
}

setup_container_images() {
  local name built=0 unchanged=0 sizes=() layout wanted
  load_recipes
  mapfile -t wanted < <(images_wanted)
  mkdir -p "$FARM_CACHE/images"
  setup_signing_key
  for name in "${wanted[@]}"; do
    layout=$(image_layout "$name")
    if [ -e "$layout/manifest.json" ] && signed_here "$layout"; then
      unchanged=$((unchanged + 1))
    else
      need_space "$FARM_CACHE" 3000 "building images"
      [ "$name" != exporter ] || need_go
      progress "building $name"
      BASE=$(image_layout base) "$REPO/images/build" "$name" "$(recipe_folder "$name")" "$layout" "$FARM_CONFIG/signing"
      cp "$FARM_CONFIG/signing/image.pub" "$layout.pub"
      forget_older_images "$name" "$layout"
      built=$((built + 1))
    fi
    sizes+=("$name $(image_size "$layout")")
  done
  note "$built built, $unchanged unchanged · MB: $(
    IFS=,
    printf '%s' "${sizes[*]}" | sed 's/,/, /g'
  )"
}

# An image that was signed by another key, e.g. of a passphrase folder that is gone, is built and signed again.
signed_here() { cmp -s "$1.pub" "$FARM_CONFIG/signing/image.pub"; }

# image_size LAYOUT: compressed, in MB, without the layer of the base that a node has already.
image_size() {
  jq -r --slurpfile base "$(image_layout base)/manifest.json" '
    ([.layers[] | select(.digest != $base[0].layers[0].digest)] | if . == [] then $base[0].layers else . end
     | map(.size) | add / 1e5 | round / 10)' "$1/manifest.json"
}

forget_older_images() {
  local other
  for other in "$FARM_CACHE/images/$1"-????????????????; do
    [ "$other" = "$2" ] || rm -rf "$other" "$other.tar.zst" "$other.pub"
  done
}

# The key of this machine's builder: what it signed is what may run.
setup_signing_key() {
  local home=$FARM_CONFIG/signing
  [ ! -e "$home/image.pub" ] || return 0
  mkdir -p "$home"
  chmod 0700 "$home"
  gpg --homedir "$home" --batch --quiet --passphrase '' --quick-generate-key "swarm-farm images" ed25519 sign never
  gpg --homedir "$home" --batch --with-colons --list-keys | awk -F: '$1 == "fpr" { print $10; exit }' >"$home/fingerprint"
  gpg --homedir "$home" --batch --armor --export --output "$home/image.pub"
  gpgconf --homedir "$home" --kill all
}
