#!/bin/sh
# load.sh SECONDS URL...: at most one request a second to each URL, one after the other; prints the status of each answer,
# 000 where none came within 10 s. Certificates are not checked: whether the page answers is what counts.
end=$(($(date +%s) + $1))
shift
while [ "$(date +%s)" -lt "$end" ]; do
  for url; do curl -sk --max-time 10 -o /dev/null -w '%{http_code}\n' "$url" || :; done
  sleep 1
done
