# shellcheck shell=bash
# Completion of ./farm for bash: eval "$(./farm completion bash)"
_farm() {
  local line word=${COMP_WORDS[COMP_CWORD]}
  COMPREPLY=()
  while IFS=$'\t' read -r line _; do
    [[ $line != "$word"* ]] || COMPREPLY+=("$line")
  done < <("$1" __complete "${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null)
}
complete -o default -F _farm farm ./farm
