# shellcheck shell=sh
# print_console FILE: on stderr, the end of a VM's console log, where its hypervisor is this machine.
#
# Six lines: where the toolchain built the plugin, Pulumi shows twelve lines of stderr. The message and up to four lines of
# Docker's log come first. Cursor movements, colours and empty lines are left out.
print_console() {
  if [ -s "$1" ]; then
    echo "  the end of its console ($1):" >&2
    sed 's/\x1b\[[0-9;?!]*[a-zA-Z]//g; s/\x1b\][0-9;]*//g; s/\x1bc//g' "$1" | tr -d '\r\033\007' |
      grep '[^[:space:]]' | tail -n 6 | sed 's/^/    /' >&2
  elif [ -e "$1" ]; then
    echo "  its console is empty ($1)" >&2
  else
    echo "  its console is written to $1 on its hypervisor" >&2
  fi
}

# panics FILE: how many times a kernel has panicked, if the last line says that it did so and that it does not restart by itself.
panics() {
  case $(tail -n 1 "$1" 2>/dev/null) in *"end Kernel panic"*) grep -c 'end Kernel panic' "$1" ;; *) echo 0 ;; esac
}
