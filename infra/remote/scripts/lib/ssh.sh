# shellcheck shell=sh
# For scripts that run where Pulumi runs, with FARM, the farm's name. infra/config/folders.ts has the same folder.
ssh_folder=${XDG_STATE_HOME:-$HOME/.local/state}/swarm-farm/$FARM/ssh

# on [OPTION...] NODE COMMAND: a connection of its own, since a shared one outlives the command that opened it, and
# whoever reads that command's output waits for its end.
on() { ssh -F "$ssh_folder/config" -o ControlMaster=no -o ControlPath=none "$@"; }
