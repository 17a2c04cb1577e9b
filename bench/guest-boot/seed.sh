#!/usr/bin/env bash
# Writes a seed ISO for the benchmark: seed.sh lean|stock KEYS_DIR ISO. Both guests get the same: name, keys, address
# (QEMU's user network's); the lean one by a script, as the farm does it, the stock one by cloud-config.
set -euo pipefail
kind=$1 keys=$2 iso=$3
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
echo 'instance-id: bench-1' >"$dir/meta-data"
if [[ $kind == lean ]]; then
  cat >"$dir/user-data" <<-END
		#!/bin/sh
		set -e
		echo bench > /etc/hostname
		hostname bench
		printf '127.0.0.1 localhost\n127.0.1.1 bench\n' > /etc/hosts
		umask 077
		mkdir -p /root/.ssh /etc/swarm-farm
		printf 'MAC=52:54:00:00:00:0a\nADDRESS=10.0.2.15/24\nGATEWAY=10.0.2.2\nDNS=10.0.2.3\n' > /etc/swarm-farm/network.env
		cat > /root/.ssh/authorized_keys <<'KEY'
		$(cat "$keys/user.pub")
		KEY
		cat > /etc/ssh/ssh_host_ed25519_key <<'KEY'
		$(cat "$keys/host")
		KEY
	END
else
  cat >"$dir/user-data" <<-END
		#cloud-config
		hostname: bench
		disable_root: false
		ssh_keys:
		  ed25519_private: |
		$(sed 's/^/    /' "$keys/host")
		  ed25519_public: $(cat "$keys/host.pub")
		users:
		  - name: root
		    ssh_authorized_keys: ["$(cat "$keys/user.pub")"]
	END
  cat >"$dir/network-config" <<-END
		version: 2
		ethernets:
		  card:
		    match: { macaddress: "52:54:00:00:00:0a" }
		    addresses: [10.0.2.15/24]
		    routes: [{ to: default, via: 10.0.2.2 }]
		    nameservers: { addresses: [10.0.2.3] }
	END
fi
genisoimage -quiet -V cidata -J -r -o "$iso" "$dir"
