# shellcheck shell=sh
# put FILE MODE TEXT: replaces the file as a whole. A shell reads a program while it runs it: one that runs keeps the file that it has.
put() {
  printf %s "$3" >"$1.new"
  chmod "$2" "$1.new"
  mv "$1.new" "$1"
}
