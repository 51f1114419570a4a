# bash completion for tokpipe, its filters and its scripts.  What it offers is what the program
# itself says with --help, so that it fits whichever version is there.  In a checkout:
#	. completions/tokpipe.bash
# shellcheck shell=bash

# _tokpipe_options COMMAND...: its long options, one a line: NAME<TAB>VALUE<TAB>TEXT.  VALUE is
# "-" for a flag.
_tokpipe_options() {
	"$@" --help 2>/dev/null </dev/null | awk '
		function show() { if (name != "") print name "\t" value "\t" text; name = "" }
		match($0, /^ +(-[A-Za-z0-9], )?--[a-z0-9][a-z0-9-]*/) {
			show()
			name = substr($0, 1, RLENGTH); sub(/^.*--/, "--", name)
			text = substr($0, RLENGTH + 1); value = "-"
			if (match(text, /^(\[=| )[^] ]+\]?/)) {
				value = substr(text, 1, RLENGTH); text = substr(text, RLENGTH + 1)
				gsub(/[][ =]/, "", value)
			}
			sub(/^ +/, "", text)
			next
		}
		name != "" && /^ +[^ -]/ { sub(/^ +/, ""); text = text (text == "" ? "" : " ") $0; next }
		{ show() }
		END { show() }'
}

# _tokpipe_values VALUE TEXT: the words of a text such as "closed, constant or poisson (closed)".
_tokpipe_values() {
	local text list='^([a-z][a-z0-9_.:-]*)((, | or )([a-z][a-z0-9_.:-]*))+'
	case $1 in
	NAME | PROCESS | SCALE | RULE | KIND | FORMAT | WAY) ;;
	*) return ;;
	esac
	text=$(sed -E "s/ \([^)]*\)//g; s/^.*; $1 is //; s/^[a-z ]+: //" <<<"$2")
	[[ ! $text =~ $list ]] || sed -E 's/, | or /\n/g' <<<"${BASH_REMATCH[0]}"
}

# _tokpipe_tree COMMAND: the directory that its scripts lie in; nothing when it is not ours.
_tokpipe_tree() {
	local file
	file=$(readlink -f -- "$(type -P -- "$1")") || return 0
	file=${file%/*}
	[[ ! -f $file/tokpipe.sh && ! -f $file/variables.tsv ]] || file=${file%/*}
	[[ ! -f $file/scripts/tokpipe.sh ]] || printf '%s\n' "$file"
}

# _tokpipe_shipped TREE OPTION: the names that come with tokpipe, for an option that takes one.
_tokpipe_shipped() {
	case $2 in
	--profile | --workload) (cd "$1/scenarios/profiles" && find . -name '*.yaml' ! -name schema.yaml) | sed 's/\.yaml$//' ;;
	--template) (cd "$1/templates" && find . -name '*.html') ;;
	--engine) (cd "$1/setup/engines" && find . -name '*.sh') | sed 's/\.sh$//' ;;
	--experiment | --experiments) (cd "$1/scenarios/stacks" && find . -name '*.yaml' ! -name schema.yaml) | sed 's/\.yaml$//' ;;
	--scenario) (cd "$1/scenarios" && find . -name '*.sh') | sed 's/\.sh$//' ;;
	esac 2>/dev/null | sed 's/^\.\///'
}

# _tokpipe_value TREE OPTION VALUE TEXT WORD: what may follow OPTION.
_tokpipe_value() {
	mapfile -t COMPREPLY < <(compgen -W "$([[ -z $1 ]] || _tokpipe_shipped "$1" "$2") $(_tokpipe_values "$3" "$4")" -- "$5")
	case $3 in
	*FILE | *DIR | *RUN | F | P | RESPONSES | TELEMETRY | WORKLOAD | SUMMARY) compopt -o default ;;
	esac
}

# _tokpipe_commands PROGRAM: the commands that the front command lists.
_tokpipe_commands() {
	"$1" --help 2>/dev/null </dev/null | awk '/^Commands:/ { on = 1; next } on && /^  [a-z]/ { print $1 }'
}

_tokpipe() {
	local command=("$1") word=$2 before=$3 tree name value text options
	if [[ $before == '=' ]]; then
		before=${COMP_WORDS[COMP_CWORD - 2]}
	elif [[ ${COMP_WORDS[COMP_CWORD]} == '=' ]]; then
		word='' before=${COMP_WORDS[COMP_CWORD - 1]}
	fi
	tree=$(_tokpipe_tree "$1")
	if [[ $1 == *.sh && -z $tree ]]; then # somebody else's: not ours to run
		compopt -o default
		return
	elif [[ ${1##*/} == tokpipe && $COMP_CWORD -gt 1 ]]; then
		command+=("${COMP_WORDS[1]}")
	elif [[ ${1##*/} == tokpipe && $word != -* ]]; then
		mapfile -t COMPREPLY < <(compgen -W "$(_tokpipe_commands "$1")" -- "$word")
		return
	fi
	options=$(_tokpipe_options "${command[@]}")
	while IFS=$'\t' read -r name value text; do
		[[ $name == "$before" && $value != - ]] || continue
		_tokpipe_value "$tree" "$name" "$value" "$text" "$word"
		return
	done <<<"$options"
	if [[ $word == -* ]]; then
		mapfile -t COMPREPLY < <(compgen -W "$(cut -f 1 <<<"$options")" -- "$word")
	else
		compopt -o default
	fi
}

complete -F _tokpipe tokpipe genload sendreq tokview tokstat pctl runsum runcmp llmsim yaml2json gpusample costcalc muster
complete -F _tokpipe standup.sh run.sh teardown.sh e2e.sh doctor.sh
complete -F _tokpipe bench.sh analyze.sh calibrate.sh compare.sh cost.sh report.sh results.sh validate.sh
