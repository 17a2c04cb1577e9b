# shellcheck shell=bash
# `./farm preview`, and with `--markdown FILE` the same told in Markdown for a pull request.

farm_preview() {
  local file='' asked='' args=()
  while [ $# -gt 0 ]; do
    case $1 in
      --markdown)
        asked=yes file=${2:-}
        [ $# -lt 2 ] || shift
        ;;
      --markdown=*) asked=yes file=${1#*=} ;;
      *) args+=("$1") ;;
    esac
    shift
  done
  if [ -n "$asked" ]; then
    preview_markdown "$file" "${args[@]}"
  else
    prepare_preview
    GUARDED=yes run_pulumi preview "${args[@]}"
  fi
}

prepare_preview() {
  setup_all
  step hypervisor setup_hypervisor
  write_ssh_files
}

# preview_markdown FILE ARGS...: FILE is written however the preview ends; this ends as the preview does.
preview_markdown() {
  MARKDOWN_FILE=$(writable_path "$1")
  shift
  # In memory, and nobody else's: the log holds Pulumi's debug messages too, which mask nothing. They are never read.
  PREVIEW_DIR=$(mktemp -d -p /dev/shm)
  trap 'tell_preview "$?"' EXIT
  prepare_preview
  # Pulumi has this option for those who debug it. The events hold every value, secrets masked; the person sees the usual.
  GUARDED=yes PULUMI_DEBUG_COMMANDS=true run_pulumi preview --event-log "$PREVIEW_DIR/events" "$@" \
    2> >(tee "$PREVIEW_DIR/said" >&2)
}

# writable_path FILE: as an absolute path, since the program runs elsewhere; refused before anything takes time.
writable_path() {
  local folder
  case $1 in '' | -*) die "--markdown needs the name of a file to write" ;; esac
  folder=$(dirname "$1")
  [ -d "$folder" ] || die "--markdown $1: there is no folder $folder"
  [ ! -d "$1" ] || die "--markdown $1 is a folder: name a file in it"
  if [ -e "$1" ]; then [ -w "$1" ]; else [ -w "$folder" ]; fi || die "--markdown $1 cannot be written"
  printf '%s/%s' "$(cd "$folder" && pwd)" "$(basename "$1")"
}

# tell_preview STATUS: at the end of the run, whether Pulumi ended it, a step of the setup, or `die`.
tell_preview() {
  local status=$1 state
  trap - EXIT
  # `tee` has still to write, and reads for as long as this holds its pipe.
  exec 2>&3
  wait
  [ -z "${FAILURE:-}" ] || printf '%s\n' "$FAILURE" >"$PREVIEW_DIR/said"
  cd "$REPO"
  # Without its secrets nothing is told of a stack; one that failed before it was there has none.
  state=$(pulumi stack export --show-secrets 2>/dev/null) || [ "$status" -ne 0 ] ||
    die "the stack's secrets cannot be read, to keep them out of $MARKDOWN_FILE: it is not written"
  printf %s "$state" | node --import=tsx scripts/preview-markdown.ts \
    --to "$MARKDOWN_FILE" --stack "$FARM_STACK" --from "$PREVIEW_DIR" --status "$status" || status=1
  rm -rf "$PREVIEW_DIR"
  exit "$status"
}
