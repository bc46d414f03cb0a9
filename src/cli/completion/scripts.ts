// What each shell has to be told once: it asks `tycho __complete` for what could come next, a line for each candidate, and
// completes names of files where there is none.

export const shells = ['bash', 'zsh', 'fish'] as const
export type Shell = (typeof shells)[number]

const bash = `# tycho completion for bash
_tycho() {
  local line
  COMPREPLY=()
  while IFS= read -r line; do
    COMPREPLY+=("\${line%%$'\\t'*}")
  done < <(tycho __complete -- "\${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null)
}
complete -o default -F _tycho tycho`

const zsh = `#compdef tycho
# tycho completion for zsh
_tycho() {
  local -a lines items
  lines=("\${(@f)$(tycho __complete -- "\${(@)words[2,CURRENT]}" 2>/dev/null)}")
  lines=(\${lines:#})
  if (( \${#lines} == 0 )); then
    _files
    return
  fi
  items=("\${(@)lines//:/\\\\:}")
  items=("\${(@)items/$'\\t'/:}")
  _describe tycho items
}
if [ "$funcstack[1]" = _tycho ]; then
  _tycho
else
  compdef _tycho tycho
fi`

const fish = `# tycho completion for fish
function __tycho_complete
    set -l current (commandline -ct)
    set -l words (commandline -opc)
    set -l found (tycho __complete -- $words[2..-1] "$current" 2>/dev/null)
    if test (count $found) -gt 0
        printf '%s\\n' $found
    else
        __fish_complete_path "$current"
    end
end
complete -c tycho -f -a '(__tycho_complete)'`

export const scripts = { bash, zsh, fish } as const satisfies Record<Shell, string>
