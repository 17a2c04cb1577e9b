#!/bin/sh
# On the store's node: prints entries of the logs as JSON, a line each. The image has no program that could ask.
#   CONTAINER  the name of the store's container
#   PORT       its port there
#   ENDPOINT   query: those that there are. tail: also those that come, until standard input ends
# The first line of standard input is the request's body.
set -eu
read -r body
pid=$(docker inspect -f '{{.State.Pid}}' "$CONTAINER")
exec 3<&0
printf %s "$body" | nsenter "--net=/proc/$pid/ns/net" curl -qNsS --fail-with-body --noproxy '*' --data-binary @- \
  "http://127.0.0.1:$PORT/select/logsql/$ENDPOINT" &
curl=$!
if [ "$ENDPOINT" = tail ]; then
  # The person ended the command; nothing else ends curl, which waits for an entry.
  {
    cat >/dev/null
    kill "$curl" 2>/dev/null || true
  } <&3 &
fi
wait "$curl"
