#!/bin/sh
# On a node: prints a page of a service over HTTP if its task runs here, else nothing. The image has no program that could ask.
#   SERVICE  its name in the swarm
#   PORT     its port in the container
#   PAGE     the path, e.g. /state
set -eu
task=$(docker ps -q --filter "label=com.docker.swarm.service.name=$SERVICE" --filter status=running | sed -n 1p)
[ -n "$task" ] || exit 0
pid=$(docker inspect -f '{{.State.Pid}}' "$task")
exec nsenter "--net=/proc/$pid/ns/net" curl -qfsS --noproxy '*' --max-time 10 "http://127.0.0.1:$PORT$PAGE"
