# Completion of ./farm for fish: ./farm completion fish | source
function __farm_complete
    set -l words (commandline -opc)
    set -l word (commandline -ct)
    set -l found ($words[1] __complete $words[2..-1] $word 2>/dev/null)
    # Files only where ./farm knows no word.
    if count $found >/dev/null
        printf "%s\n" $found
    else
        __fish_complete_path $word
    end
end
complete -c farm -f -a '(__farm_complete)'
