namespace VpnConfinement.Cli.Completion;

/// <summary>
/// What shells load. Each asks 'vpn-confinement complete' for every word, so that a script never lags behind the
/// program. It runs the program of the search path: a TAB never runs one of the current folder.
/// </summary>
internal static class CompletionScripts
{
    internal const string Bash =
        """
        # Completion of vpn-confinement for bash; printed by 'vpn-confinement completion bash'.
        _vpn_confinement()
        {
            local IFS=$' \t\n' line word head= breaks
            local -a typed
            # By blanks: COMP_WORDS is parted at ':', '=' and '@' as well, which names of units have.
            line=${COMP_LINE:0:COMP_POINT}
            read -ra typed <<<"$line"
            [[ $line == *[[:blank:]] ]] && typed+=("")
            word=${typed[-1]}
            # What stands before the last of those is there already.
            breaks=${COMP_WORDBREAKS//[^:=@]/}
            [[ -n $breaks ]] && head=${word%"${word##*["$breaks"]}"}
            COMPREPLY=()
            while IFS= read -r line; do
                case $line in
                    :files) compopt -o filenames; mapfile -t COMPREPLY < <(compgen -f -- "${word##*=}") ;;
                    :folders) compopt -o filenames; mapfile -t COMPREPLY < <(compgen -d -- "${word##*=}") ;;
                    *) line=${line%%$'\t'*}; COMPREPLY+=("${line#"$head"}") ;;
                esac
            done < <(command vpn-confinement complete -- "${typed[@]:1}" 2>/dev/null)
        }
        complete -F _vpn_confinement vpn-confinement

        """;

    internal const string Zsh =
        """
        #compdef vpn-confinement
        # Completion of vpn-confinement for zsh; printed by 'vpn-confinement completion zsh'.
        _vpn-confinement()
        {
            local answer line word
            local -a described
            answer=$(command vpn-confinement complete -- "${(@Q)words[2,CURRENT-1]}" "${(Q)PREFIX}" 2>/dev/null)
            for line in "${(@f)answer}"; do
                case $line in
                    ('') ;;
                    (:files) compset -P '*='; _files ;;
                    (:folders) compset -P '*='; _files -/ ;;
                    (*$'\t'*) word=${line%%$'\t'*}; described+=("${word//:/\\:}:${line#*$'\t'}") ;;
                    (*) described+=("${line//:/\\:}") ;;
                esac
            done
            (( $#described )) && _describe -t values 'vpn-confinement' described
        }
        if [[ $funcstack[1] == _vpn-confinement ]]; then
            _vpn-confinement "$@"
        else
            compdef _vpn-confinement vpn-confinement
        fi

        """;

    internal const string Fish =
        """
        # Completion of vpn-confinement for fish; printed by 'vpn-confinement completion fish'.
        function __vpn_confinement_complete
            set -l words (commandline -opc)
            set -e words[1]
            set -l current (commandline -ct)
            for line in (command vpn-confinement complete -- $words "$current" 2>/dev/null)
                switch $line
                    case :files
                        __fish_complete_path "$current"
                    case :folders
                        __fish_complete_directories "$current"
                    case '*'
                        echo $line
                end
            end
        end
        complete -c vpn-confinement -f -a '(__vpn_confinement_complete)'

        """;
}
