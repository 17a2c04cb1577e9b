#!/usr/bin/env bash
# Builds the guest image: build.sh OUT_DIR [LAYOUT...]. What goes in is recipe.json, rootfs/ and the lists beside this file,
# and, in its Docker store, the container images LAYOUT, folders that images/build made; preload.sh says how.
# SWARM_FARM_GUEST_PACKAGES=FILE.tar keeps the unpacked packages for the next build (for work on the image itself).
set -euo pipefail
shopt -s nullglob dotglob
export LC_ALL=C

here=$(cd "$(dirname "$0")" && pwd)
out=${1:?usage: build.sh OUT_DIR [LAYOUT...]}
layouts=("${@:2}")
mkdir -p "$(dirname "$out")"
work=$(mktemp -d "$(dirname "$out")/.guest-XXXXXX")
trap 'rm -rf "$work"' EXIT
root=$work/root
result=$work/result
mkdir "$root" "$result"

recipe() { jq -r "$1" "$here/recipe.json"; }
SOURCE_DATE_EPOCH=$(recipe .sourceDateEpoch)
export SOURCE_DATE_EPOCH
step() { printf '%5d s  %s\n' "$SECONDS" "$*" >&2; }
# The lines of a list file without its comments.
list() { grep -v '^#' "$here/$1"; }

install_packages() {
  local tar=${SWARM_FARM_GUEST_PACKAGES:-$work/packages.tar}
  if [[ ! -e $tar ]]; then
    # The initrd is ours (init), so initramfs-tools, which the kernel package depends on, must not spend a minute on its own.
    # shellcheck disable=SC2016 # $1 belongs to the hook
    mmdebstrap --quiet --variant=minbase --include="$(recipe '.packages | join(",")')" \
      --aptopt='Acquire::Languages "none"' \
      --dpkgopt=force-confold \
      --dpkgopt='path-exclude=/usr/share/doc/*' --dpkgopt='path-exclude=/usr/share/locale/*' --dpkgopt='path-exclude=/usr/share/man/*' \
      --essential-hook='mkdir -p "$1/etc/initramfs-tools"; echo update_initramfs=no > "$1/etc/initramfs-tools/update-initramfs.conf"' \
      "$(recipe .suite)" "${tar%.tar}.part.tar"
    mv "${tar%.tar}.part.tar" "$tar"
  fi
  tar -C "$root" -xf "$tar"
}

# The kernel as an ELF file, which QEMU starts directly (PVH): the guest need not unpack itself.
# Where it lies in a bzImage is in the header that Linux's Documentation/arch/x86/boot.rst describes.
unpack_kernel() {
  local image sectors offset length
  image=$(echo "$root"/boot/vmlinuz-*)
  sectors=$(od -An -tu1 -j $((0x1f1)) -N 1 "$image")
  read -r offset length < <(od -An -tu4 -j $((0x248)) -N 8 "$image")
  # The last four bytes of the payload are its unpacked size.
  tail -c +$(((sectors + 1) * 512 + offset + 1)) "$image" | head -c $((length - 4)) | zstd -q -d >"$result/vmlinuz" || true
  [[ $(head -c 4 "$result/vmlinuz") == $'\x7fELF' ]] || {
    echo "no ELF kernel in $image" >&2
    exit 1
  }
}

# Keeps the modules of modules.keep and what they depend on, unpacked: the host does that faster than the guest.
select_modules() {
  local modules kernel
  modules=$(echo "$root"/usr/lib/modules/*)
  kernel=${modules##*/}
  (cd "$modules/kernel" && find . -name '*.ko.xz' -printf '%P\n') | grep -E -f <(list modules.keep) >"$work/wanted"
  # modules.dep lists a module's whole chain, so one pass is enough.
  sed -n 's/^kernel\///; s/: */ /; s/ kernel\// /g; p' "$modules/modules.dep" |
    awk 'NR == FNR { wanted[$1]; next } $1 in wanted' "$work/wanted" - | tr ' ' '\n' | sort -u | sed '/^$/d' >"$work/kept"
  (cd "$modules/kernel" && find . -name '*.ko.xz' -printf '%P\n') | sort | comm -23 - "$work/kept" | (cd "$modules/kernel" && xargs rm)
  find "$modules/kernel" -name '*.ko.xz' -print0 | xargs -0 -P "$(nproc)" -n 32 xz -d
  find "$modules/kernel" -type d -empty -delete
  chroot "$root" depmod "$kernel"
}

build_initrd() {
  local modules initrd=$work/initrd number=100 module
  modules=$(echo "$root"/usr/lib/modules/*)
  mkdir -p "$initrd"/{bin,dev,proc,root,modules}
  cp "$root/usr/bin/busybox" "$initrd/bin/busybox"
  install -m 755 "$here/init" "$initrd/init"
  # modules.dep names what a module needs last first; sorted so, insmod finds every symbol.
  while read -r module; do
    sed -n "s|^\(kernel/.*/$module\.ko\): *|\1 |p" "$modules/modules.dep" | tr ' ' '\n' | sed '/^$/d' | tac
  done < <(list initrd-modules) | awk '!seen[$0]++' >"$work/initrd-modules"
  while read -r module; do
    cp "$modules/$module" "$initrd/modules/$number-${module##*/}"
    number=$((number + 1))
  done <"$work/initrd-modules"
  mknod "$initrd/dev/console" c 5 1
  find "$initrd" -exec touch -h -d "@$SOURCE_DATE_EPOCH" {} +
  (cd "$initrd" && find . -mindepth 1 | sort | cpio --quiet --reproducible -o -H newc -R 0:0) >"$result/initrd.img"
}

configure() {
  local unit link target
  cp -r --preserve=mode "$here/rootfs/." "$root/"
  for link in "$root"/{etc,usr/lib}/systemd/system/*.wants/*; do
    list units.keep | grep -qxF "${link##*/}" || rm "$link"
  done
  for unit in "$here"/rootfs/etc/systemd/system/*.service; do
    target=$(sed -n 's/^WantedBy=//p' "$unit")
    mkdir -p "$root/etc/systemd/system/$target.wants"
    ln -sf "/etc/systemd/system/${unit##*/}" "$root/etc/systemd/system/$target.wants/${unit##*/}"
  done
  ln -sf /usr/lib/systemd/system/multi-user.target "$root/etc/systemd/system/default.target"
}

purge() {
  local path
  while read -r path; do
    # shellcheck disable=SC2086 # the list holds patterns
    rm -rf "$root"$path
  done < <(list purge.list)
  : >"$root/etc/machine-id" # filled by systemd at first boot
  : >"$root/etc/resolv.conf"
}

describe() {
  local os kernel docker sum
  chroot "$root" dpkg-query -W | sort >"$result/packages.txt"
  sum=$(sha256sum "$result/packages.txt")
  os="debian $(cat "$root/etc/debian_version")"
  kernel=$(basename "$root"/usr/lib/modules/*)
  docker=$(sed -n 's/^docker\.io\t\([0-9.]*\).*/\1/p' "$result/packages.txt")
  mkdir -p "$root/etc/swarm-farm"
  jq -n --arg os "$os" --arg kernel "$kernel" --arg docker "$docker" --arg packages "${sum%% *}" \
    '{ $os, $kernel, $docker, $packages }' >"$root/etc/swarm-farm/image"
  jq --argjson bytes "$(recipe .diskVirtualBytes)" '. + { diskVirtualBytes: $bytes }' "$root/etc/swarm-farm/image" >"$result/manifest.json"
}

build_disk() {
  find "$root" -newermt "@$SOURCE_DATE_EPOCH" -exec touch -h -d "@$SOURCE_DATE_EPOCH" {} +
  truncate -s "$(recipe .diskVirtualBytes)" "$work/disk.raw"
  # A fresh sparse file is all zeros: no inode table needs writing, here or in the guest.
  E2FSPROGS_FAKE_TIME=$SOURCE_DATE_EPOCH mke2fs -q -t ext4 -L root -m 0 -J size=64 -U 5c3a2d6e-0f4b-4e1a-9d27-73776172666d \
    -E hash_seed=5c3a2d6e-0f4b-4e1a-9d27-73776172666d,assume_storage_prezeroed=1 -d "$root" "$work/disk.raw"
  qemu-img convert -O qcow2 "$work/disk.raw" "$result/disk.qcow2"
}

step "packages ($(recipe .suite))"
install_packages
step 'kernel and modules'
unpack_kernel
select_modules
build_initrd
step 'files and units'
configure
if [ ${#layouts[@]} -gt 0 ]; then
  step "container images (${#layouts[@]})"
  # Where no dockerd can run, e.g. on a root file system that is an overlay itself, nodes pull the images, as they do any other.
  "$here/preload.sh" "$root" "${layouts[@]}" || {
    step 'container images are left out: dockerd cannot store them here, nodes pull them instead'
    rm -rf "$root"/var/lib/{docker,containerd}/*
  }
fi
purge
describe
step 'disk'
build_disk
rm -rf "$out"
mv "$result" "$out"
step "$(jq -r '"\(.os) · \(.kernel) · docker \(.docker)"' "$out/manifest.json") · $(du -h "$out/disk.qcow2" | cut -f1)"
