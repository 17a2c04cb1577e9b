# shellcheck shell=bash
# The guest image and the container images: built from images/, kept in the cache under the hash of their content.

# The container images that images/ builds; each has a folder with a build.sh.
readonly CONTAINER_IMAGES=(hello)

# guest_key: names the guest image as infra/images/guest.ts does: the recipe, and the day of its packages if set.
guest_key() {
  local updated
  updated=$(config_value image | jq -r '.updated // empty')
  printf '%s%s' "$(content_hash "$REPO/images/guest")" "${updated:+-$updated}"
}

setup_guest_image() {
  local key dir
  if [ "$(config_value image | jq -r '.kind // "farm"')" = cloud ]; then
    note "the configuration's own"
    return
  fi
  key=$(guest_key)
  dir=$FARM_CACHE/guest/$key
  if [ ! -e "$dir/manifest.json" ]; then
    need_space "$FARM_CACHE" 4000 "building the guest image"
    progress "building from Debian packages"
    mkdir -p "$FARM_CACHE/guest"
    "$REPO/images/guest/build.sh" "$dir"
  fi
  note "$(jq -r .os "$dir/manifest.json") ${key:0:6} · $(du -m "$dir/disk.qcow2" | cut -f1) MB"
}

setup_container_images() {
  local name archive built=0 unchanged=0
  mkdir -p "$FARM_CACHE/images"
  for name in "${CONTAINER_IMAGES[@]}"; do
    archive=$FARM_CACHE/images/$name-$(content_hash "$REPO/images/$name").tar
    if [ -e "$archive" ]; then
      unchanged=$((unchanged + 1))
      continue
    fi
    progress "building $name"
    "$REPO/images/$name/build.sh" "$archive.new" "localhost/swarm-farm/$name:$(content_hash "$REPO/images/$name")"
    mv "$archive.new" "$archive"
    built=$((built + 1))
  done
  note "$built built, $unchanged unchanged"
}

# config_value KEY: a key of the stack's configuration as JSON; {} when it is not set.
config_value() {
  (cd "$REPO" && pulumi config get "swarm-farm:$1" --json 2>/dev/null | jq -c '.objectValue // {}') || echo '{}'
}
