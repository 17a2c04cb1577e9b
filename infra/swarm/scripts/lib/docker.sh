# shellcheck shell=sh
docker_answers() { curl -fs -o /dev/null --unix-socket /run/docker.sock http://docker/_ping; }

# The end of dockerd's own log: systemd only adds that it gives up restarting it.
docker_log() { journalctl -u docker -t dockerd -n 4 --no-pager -o cat | cut -c 1-400; }

# wait_for_docker NODE: for as long as a node takes to boot under software emulation, four at once on two cores.
wait_for_docker() { wait_until 600 "docker on $1 to answer" docker_answers docker_log; }
