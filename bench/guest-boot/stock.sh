#!/usr/bin/env bash
# Builds the image to compare with: stock.sh OUT_DIR [--without-docker]. Debian trixie as a cloud image has it: full cloud-init,
# udev, networkd, Debian's own kernel image and initrd, docker.io. No tuning, and nothing to slow it down either.
# Without docker.io, OUT_DIR/repository has what a node needs to install it.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
out=${1:?usage: stock.sh OUT_DIR [--without-docker]}
work=$(mktemp -d "$(dirname "$out")/.stock-XXXXXX")
trap 'rm -rf "$work"' EXIT
mkdir "$work/root" "$work/result"
packages=linux-image-cloud-amd64,systemd-sysv,udev,dbus,iproute2,iptables,openssh-server,cloud-init,qemu-guest-agent
packages+=,netplan.io,systemd-resolved,ca-certificates,e2fsprogs,cloud-guest-utils,procps,curl
hooks=()
if [ "${2-}" = --without-docker ]; then
  hooks=(--customize-hook="'$here/repository.sh' \"\$1\" '$work/result/repository'")
else
  packages+=,docker.io,docker-cli
fi
# shellcheck disable=SC2016 # $1 belongs to the hooks
mmdebstrap --quiet --variant=apt --include="$packages" \
  --customize-hook='echo "datasource_list: [ NoCloud, None ]" > "$1/etc/cloud/cloud.cfg.d/90_ds.cfg"' \
  --customize-hook='echo "/dev/vda / ext4 defaults 0 1" > "$1/etc/fstab"' \
  "${hooks[@]}" \
  trixie "$work/rootfs.tar"
tar -C "$work/root" -xf "$work/rootfs.tar"
cp "$work"/root/boot/vmlinuz-* "$work/result/vmlinuz"
echo 'console=ttyS0 root=/dev/vda rw quiet' >"$work/result/cmdline"
cp "$work"/root/boot/initrd.img-* "$work/result/initrd.img"
truncate -s 4G "$work/disk.raw"
mke2fs -q -t ext4 -d "$work/root" "$work/disk.raw"
qemu-img convert -O qcow2 "$work/disk.raw" "$work/result/disk.qcow2"
rm -rf "$out"
mv "$work/result" "$out"
