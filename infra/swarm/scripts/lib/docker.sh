# shellcheck shell=sh
# ask_docker PATH [CURL OPTIONS]: the answer of Docker's API. Under software emulation curl takes 40 ms of CPU, Docker's client 140.
ask_docker() {
  path=$1
  shift
  curl -fs "$@" --unix-socket /run/docker.sock "http://docker/$path"
}

docker_answers() { ask_docker _ping -o /dev/null; }

# docker_says PATH TEXT: whether the answer contains TEXT. Inside a string, quotation marks are escaped; names of labels are the user's.
docker_says() {
  case $(ask_docker "$1") in *"$2"*) ;; *) return 1 ;; esac
}

# The end of dockerd's own log: systemd only adds that it gives up restarting it.
docker_log() { journalctl -u docker -t dockerd -n 4 --no-pager -o cat | cut -c 1-400; }

# wait_for_docker NODE: for as long as a node takes to boot under software emulation, four at once on two cores.
wait_for_docker() { wait_until 600 "docker on $1 to answer" docker_answers docker_log; }
