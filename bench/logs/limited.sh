#!/bin/sh
# limited.sh GROUP COMMAND...: runs a command in the control groups of this name, and shows it their limits where a container has them.
# Needs a mount namespace of its own: unshare --mount limited.sh …
set -eu
group=$1
shift
for controller in memory cpu cpuacct; do echo $$ >"/sys/fs/cgroup/$controller/$group/cgroup.procs"; done
for controller in memory cpu cpuacct; do mount --bind "/sys/fs/cgroup/$controller/$group" "/sys/fs/cgroup/$controller"; done
exec "$@"
