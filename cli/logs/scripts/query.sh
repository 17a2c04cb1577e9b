#!/bin/sh
# On the store's node: prints entries of the logs as JSON, a line each. The image has no program that could ask.
#   CONTAINER  the name of the store's container
#   PORT       its port there
#   ENDPOINT   query: those that there are. tail: also those that come, until standard input ends
#   ARGUMENT   the endpoint's own, as name=value
# The query is the first line of standard input.
set -eu
read -r query
pid=$(docker inspect -f '{{.State.Pid}}' "$CONTAINER")
exec 3<&0
nsenter "--net=/proc/$pid/ns/net" curl -qNsS --fail-with-body --noproxy '*' "http://127.0.0.1:$PORT/select/logsql/$ENDPOINT" \
  --data-urlencode "query=$query" --data-urlencode "$ARGUMENT" &
curl=$!
if [ "$ENDPOINT" = tail ]; then
  # The person ended the command: nothing else tells curl, which waits for an entry.
  {
    cat >/dev/null
    kill "$curl"
  } <&3 &
fi
wait "$curl"
