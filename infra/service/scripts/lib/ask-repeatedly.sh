# shellcheck shell=sh
# ask_repeatedly PATH: its own process id, then a line each second: the answer of Docker's API, or `silent`. One curl for all of
# them: under software emulation its start takes a manager 40 ms of CPU, that of Docker's client 140, a request 4, and many
# services are waited for at once. 30 s are for a manager that starts tasks.
ask_repeatedly() {
  # shellcheck disable=SC2016 # of the new shell
  sh -c 'echo $$; exec curl "$@"' sh -fs --max-time 30 --rate 60/m -w '%{onerror}silent\n' \
    --unix-socket /run/docker.sock "http://docker/$1#[1-100000]" || true
}

# end_asking_at_exit: reads its process id, and ends it with this shell.
end_asking_at_exit() {
  read -r asking
  trap 'kill "$asking" 2>/dev/null || true' EXIT
}

# read_answer: sets answer to the next line; without one, the script's function explain ends it.
read_answer() {
  read -r answer || explain "curl, which asks Docker, ended; run up again"
}

# clock: sets now to seconds since the node started, without a process.
clock() {
  read -r now _ </proc/uptime
  now=${now%%.*}
}
