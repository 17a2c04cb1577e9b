#!/usr/bin/env bash
# Builds the image to compare with: stock.sh OUT_DIR. Debian trixie as a cloud image has it: full cloud-init, udev,
# networkd, Debian's own kernel image and initrd, docker.io. No tuning, and nothing to slow it down either.
set -euo pipefail
out=${1:?usage: stock.sh OUT_DIR}
work=$(mktemp -d "$(dirname "$out")/.stock-XXXXXX")
trap 'rm -rf "$work"' EXIT
mkdir "$work/root" "$work/result"
packages=linux-image-cloud-amd64,systemd-sysv,udev,dbus,iproute2,iptables,openssh-server,cloud-init,qemu-guest-agent
packages+=,docker.io,docker-cli,netplan.io,systemd-resolved,ca-certificates,e2fsprogs,cloud-guest-utils,procps,curl
# shellcheck disable=SC2016 # $1 belongs to the hooks
mmdebstrap --quiet --variant=apt --include="$packages" \
  --customize-hook='echo "datasource_list: [ NoCloud, None ]" > "$1/etc/cloud/cloud.cfg.d/90_ds.cfg"' \
  --customize-hook='echo "/dev/vda / ext4 defaults 0 1" > "$1/etc/fstab"' \
  trixie "$work/rootfs.tar"
tar -C "$work/root" -xf "$work/rootfs.tar"
cp "$work"/root/boot/vmlinuz-* "$work/result/vmlinuz"
cp "$work"/root/boot/initrd.img-* "$work/result/initrd.img"
truncate -s 4G "$work/disk.raw"
mke2fs -q -t ext4 -d "$work/root" "$work/disk.raw"
qemu-img convert -O qcow2 "$work/disk.raw" "$work/result/disk.qcow2"
rm -rf "$out"
mv "$work/result" "$out"
