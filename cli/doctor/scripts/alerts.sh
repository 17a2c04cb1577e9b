#!/bin/sh
# On a node: prints the alerts of Prometheus as JSON if its task runs here, else nothing. The image has no program that could ask.
#   SERVICE  its name in the swarm
#   PORT     its port in the container
set -eu
task=$(docker ps -q --filter "label=com.docker.swarm.service.name=$SERVICE" --filter status=running | sed -n 1p)
[ -n "$task" ] || exit 0
pid=$(docker inspect -f '{{.State.Pid}}' "$task")
exec nsenter "--net=/proc/$pid/ns/net" curl -qfsS --noproxy '*' --max-time 10 "http://127.0.0.1:$PORT/api/v1/alerts"
