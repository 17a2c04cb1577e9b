#compdef farm
# Completion of ./farm for zsh: eval "$(./farm completion zsh)"
_farm() {
  local line
  local -a described
  for line in "${(@f)$("${words[1]}" __complete "${(@)words[2,CURRENT]}" 2>/dev/null)}"; do
    [[ -z $line ]] || described+=("${line/$'\t'/:}")
  done
  if (( $#described )); then _describe farm described; else _files; fi
}
(( $+functions[compdef] )) || { autoload -Uz compinit && compinit -u }
compdef _farm farm ./farm
