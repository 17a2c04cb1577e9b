#!/bin/sh
# On a manager: unpublishes the ports from standard input, lines `SERVICE PORT`, from other services of the same Pulumi stack. A
# service that something else made keeps its port, and the script fails before it changes any.
#   MADE_BY  the label of this Pulumi stack's services; that of older farms is 'pulumi'
set -eu
wanted=$(cat)
services=$(docker service ls -q)
[ -n "$services" ] || exit 0
# TCP only: a UDP port of the same number is another. Lines `SERVICE PORT TARGET MODE MADE-BY`.
# shellcheck disable=SC2086 # one word for each service
published=$(docker service inspect --format '{{$name := .Spec.Name}}{{$by := index .Spec.Labels "swarm-farm.made-by"}}{{with .Spec.EndpointSpec}}{{range .Ports}}{{if eq .Protocol "tcp"}}{{$name}} {{.PublishedPort}} {{.TargetPort}} {{.PublishMode}} {{$by}}{{"\n"}}{{end}}{{end}}{{end}}' $services)
conflicts=$({
  printf '%s\n' "$wanted"
  printf '%s\n' "$published"
} | awk 'NF == 2 { owner[$2] = $1; next } NF > 2 && $2 in owner && owner[$2] != $1 { print owner[$2], $0 }')
[ -n "$conflicts" ] || exit 0
printf '%s\n' "$conflicts" | while read -r owner name port _ _ by; do
  case $by in
    "$MADE_BY" | pulumi) ;;
    *)
      echo "port $port: '$owner' cannot publish it, the service '$name' does, which this farm did not make: choose another port, or remove it with 'docker service rm $name'" >&2
      exit 1
      ;;
  esac
done
printf '%s\n' "$conflicts" | while read -r owner name port target mode _; do
  docker service update --detach --quiet --no-resolve-image --publish-rm "target=$target,mode=$mode,protocol=tcp" "$name" </dev/null >/dev/null
  echo "took port $port from '$name' for '$owner'"
done
