#!/usr/bin/env bash
# Where the farm's libvirt is: runs a command while a web server has packages for the VMs; it ends with the command.
# with-mirror.sh FOLDER PORT COMMAND...
set -euo pipefail
folder=$1 port=$2
shift 2
# Also where this program is killed.
setpriv --pdeathsig TERM busybox httpd -f -p "$port" -h "$folder" &
server=$!
trap 'kill "$server"' EXIT
"$@"
