# Completion of ./farm for fish: ./farm completion fish | source
function __farm_complete
    set -l words (commandline -opc)
    $words[1] __complete $words[2..-1] (commandline -ct) 2>/dev/null
end
complete -c farm -a '(__farm_complete)'
