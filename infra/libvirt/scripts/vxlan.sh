#!/bin/sh
# On a hypervisor: installs libvirt's network hook and runs it, or removes the hook and the interface: `install` or `remove`
# is its argument.
#   NETWORK  the farm's network
#   DEVICE   the name of the VXLAN interface
#   HOOK     the hook's text
set -eu
[ "$(id -u)" -eq 0 ] || {
  echo "connecting the farm's hosts takes root on each: use root@ in hosts.<name>.uri" >&2
  exit 1
}
file=/etc/libvirt/hooks/network.d/$NETWORK
ip link del "$DEVICE" 2>/dev/null || true
if [ "$1" = remove ]; then
  rm -f "$file"
  exit
fi
mkdir -p "${file%/*}"
printf '#!/bin/sh\n# Made by swarm-farm.\n%s\n' "$HOOK" >"$file"
chmod 755 "$file"
exec "$file" "$NETWORK" started
