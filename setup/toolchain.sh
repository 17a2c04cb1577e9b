# shellcheck shell=bash
# Pulumi's CLI and plugins: those that are there, else the official downloads, else built from offline/toolchain/.

# A machine that cannot reach the official downloads must not wait for it; one that can may be slow.
readonly CONNECT_SECONDS=10
# A download that brings less than 1 KiB/s for so long has stalled.
readonly STALL_SECONDS=30
# The official archive of the CLI with a file of checksums beside it, and those of plugins.
readonly PULUMI_DOWNLOADS=https://get.pulumi.com/releases/sdk
readonly PLUGIN_DOWNLOADS=https://get.pulumi.com/releases/plugins
# The file in a plugin's folder that says that we built it, and from what.
readonly BUILT_FROM=.swarm-farm

# Ours, where the machine has none that is new enough.
pulumi_home() { printf '%s' "$FARM_CACHE/pulumi-$PULUMI_VERSION"; }

has_own_pulumi() {
  local have
  have=$(command -v pulumi) && [ "$have" != "$(pulumi_home)/bin/pulumi" ] && have=$(pulumi version 2>/dev/null) &&
    dpkg --compare-versions "${have#v}" ge "$PULUMI_VERSION"
}

# What is to be put in front of PATH, so that a new enough `pulumi` is found first.
toolchain_path() { has_own_pulumi || printf '%s:' "$(pulumi_home)/bin"; }

# Plugins whose official download failed in this run.
NOT_DOWNLOADED=()

setup_toolchain() {
  mkdir -p "$FARM_CACHE"
  [ "$PLUGIN_HOME" != "$OWN_PULUMI_HOME" ] || without_log
  setup_pulumi
  setup_plugin docker "$DOCKER_PLUGIN_VERSION" build_docker
  setup_plugin command "$COMMAND_PLUGIN_VERSION" build_command
  setup_plugin terraform-provider "$TERRAFORM_PLUGIN_VERSION" build_bridge
  setup_libvirt_provider
  note "pulumi $(pulumi version), 3 plugins ($(if plugins_are_built; then echo built; else echo official; fi))${NOT_DOWNLOADED:+; not downloaded, built here: ${NOT_DOWNLOADED[*]}}"
}

# Pulumi keeps a log of all that it says and hears in every run, secrets too, encrypted, up to 500 MB, which is half of the
# work of a run that changes nothing; it has no setting against that, and none where it cannot have the folder.
without_log() {
  mkdir -p "$PLUGIN_HOME"
  [ -e "$PLUGIN_HOME/logs" ] || : >"$PLUGIN_HOME/logs"
}

setup_pulumi() {
  local home key
  has_own_pulumi && return
  home=$(pulumi_home)
  key=$(source_hash pulumi)
  if [ -x "$home/bin/pulumi" ] && grep -qx -e official -e "$key" "$home/origin"; then return; fi
  progress "looking for the official pulumi $PULUMI_VERSION"
  if download_pulumi "$home"; then return; fi
  need_go
  build_go pulumi "pulumi CLI" -ldflags "$(go_version_flag)" -o "$home.new/bin/" \
    github.com/pulumi/pulumi/pkg/v3/cmd/pulumi
  build_go pulumi "language host" -ldflags "$(go_version_flag)" -o "$home.new/bin/pulumi-language-nodejs" \
    ./language-nodejs
  echo "$key" >"$home.new/origin"
  replace_dir "$home.new" "$home"
}

download_pulumi() {
  local home=$1 name=pulumi-v$PULUMI_VERSION-linux-x64.tar.gz dir
  dir=$(mktemp -d)
  download "$PULUMI_DOWNLOADS/$name" "$dir/$name" &&
    download "$PULUMI_DOWNLOADS/pulumi-$PULUMI_VERSION-checksums.txt" "$dir/sums" &&
    (cd "$dir" && grep " $name\$" sums | sha256sum --check --quiet) &&
    mkdir -p "$home.new/bin" && tar -C "$home.new/bin" --strip-components=1 -xzf "$dir/$name" &&
    echo official >"$home.new/origin" && replace_dir "$home.new" "$home"
  local status=$?
  rm -rf "$dir"
  return "$status"
}

# download URL FILE: however long it takes, as long as something comes.
download() {
  curl -fsSL --connect-timeout "$CONNECT_SECONDS" --speed-limit 1024 --speed-time "$STALL_SECONDS" -o "$2" "$1"
}

# download_plugin NAME VERSION
download_plugin() {
  local dir status=0 file=pulumi-resource-$1-v$2-linux-amd64.tar.gz
  dir=$(mktemp -d)
  # shellcheck disable=SC2015 # the second is to fail as the first does
  download "$PLUGIN_DOWNLOADS/$file" "$dir/$file" && pulumi plugin install resource "$1" "$2" --file "$dir/$file" || status=$?
  rm -rf "$dir"
  return "$status"
}

# setup_plugin NAME VERSION BUILD: there, or downloaded, or built and installed from the built folder.
# A plugin that we installed carries the hash of the sources it was built from, so that a change rebuilds it.
setup_plugin() {
  local name=$1 version=$2 build=$3 dir key out
  dir=$(plugin_dir "$name" "$version")
  key=$(source_hash "$(plugin_sources "$name")")
  if [ -d "$dir" ] && [ "$(cat "$dir/$BUILT_FROM" 2>/dev/null || echo "$key")" = "$key" ]; then return; fi
  if [ ! -d "$dir" ]; then
    progress "looking for the official plugin $name $version"
    if download_plugin "$name" "$version"; then return; fi
    NOT_DOWNLOADED+=("$name")
  fi
  out=$(mktemp -d)
  need_go
  "$build" "$out"
  echo "$key" >"$out/$BUILT_FROM"
  pulumi plugin install resource "$name" "$version" --reinstall --file "$out"
  rm -rf "$out"
}

plugin_dir() { printf '%s' "$PLUGIN_HOME/plugins/resource-$1-v$2"; }

plugins_are_built() { [ -e "$(plugin_dir terraform-provider "$TERRAFORM_PLUGIN_VERSION")/$BUILT_FROM" ]; }

# source_hash MODULE: as cli/setup/toolchain/sources.ts has it: the folder's place is no part of it.
source_hash() { (REPO=$REPO/offline && content_hash "$REPO/toolchain/$1"); }

plugin_sources() {
  case $1 in
    command) echo command ;;
    *) echo bridge ;;
  esac
}

build_docker() {
  build_go bridge "docker plugin" -tags no_compose -ldflags '-s -w' -o "$1/pulumi-resource-docker" ./docker
  (cd "$1" && ./pulumi-resource-docker schema --out . && rm -f Pulumi.yaml)
}

build_command() {
  build_go command "command plugin" -ldflags '-s -w' -o "$1/pulumi-resource-command" .
}

build_bridge() {
  build_go bridge "terraform plugin" \
    -ldflags "-s -w -X github.com/pulumi/pulumi-terraform-bridge/v3/dynamic/version.version=$TERRAFORM_PLUGIN_VERSION" \
    -o "$1/pulumi-resource-terraform-provider" github.com/pulumi/pulumi-terraform-bridge/v3/dynamic
}

# The bridge runs the provider from this folder, and asks a registry only for what is not in it.
setup_libvirt_provider() {
  local dir=$PLUGIN_HOME/dynamic_tf_plugins/registry.opentofu.org/dmacvicar/libvirt/$LIBVIRT_PROVIDER_VERSION/linux_amd64
  ls "$dir"/terraform-provider-libvirt* >/dev/null 2>&1 && return
  # Where the bridge came from its official place, so can this: it downloads the provider when it is first used.
  plugins_are_built || return 0
  need_go
  build_go libvirt "libvirt provider" -ldflags '-s -w' -o "$dir.new/" github.com/dmacvicar/terraform-provider-libvirt
  replace_dir "$dir.new" "$dir"
}

go_version_flag() { printf -- '-s -w -X github.com/pulumi/pulumi/sdk/v3/go/common/version.Version=v%s' "$PULUMI_VERSION"; }

# build_go MODULE NAME ARGS...: builds in a module of offline/toolchain/ without cgo, so that the result runs anywhere.
build_go() {
  local module=$1 name=$2
  shift 2
  need_space "$(go env GOCACHE)" 7000 "building the $name"
  progress "building the $name"
  # The compiler is not small: its garbage is collected as ever.
  (cd "$REPO/offline/toolchain/$module" && env -u GOGC CGO_ENABLED=0 go build -trimpath "$@")
}

# Go is needed only where something has to be built.
need_go() {
  local have target=()
  have=$(go env GOVERSION 2>/dev/null) || have=go0
  dpkg --compare-versions "${have#go}" ge "$GO_MINIMUM" && return
  progress "installing Go"
  if is_bookworm; then
    enable_backports
    target=(-t bookworm-backports)
  fi
  apt-get -q update
  DEBIAN_FRONTEND=noninteractive apt-get -q install -y --no-install-recommends "${target[@]}" golang-go
}

# replace_dir NEW OLD: puts NEW in OLD's place; an interrupted build never leaves half of one.
replace_dir() {
  rm -rf "$2"
  mkdir -p "$(dirname "$2")"
  mv "$1" "$2"
}
