#!/usr/bin/env bash
# lint.sh: what can be checked without running the programs' tests: shell, C, man pages,
# sizes, words.  Prints every finding; exit status 1 when there was one.
set -euo pipefail

TOP=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
BIN=${TOKPIPE_BIN:-$TOP/bin}
# shellcheck source=../scripts/lib/log.sh
source "$TOP/scripts/lib/log.sh"
# shellcheck source=../scripts/lib/run.sh
source "$TOP/scripts/lib/run.sh"
# shellcheck source=../scripts/lib/options.sh
source "$TOP/scripts/lib/options.sh"
# shellcheck source=../scripts/lib/deps.sh
source "$TOP/scripts/lib/deps.sh"

usage='[--yes]'
about='Checks shell, C, man pages, sizes and words; prints every finding, and exits 1 when there was one.'
options=($'yes\tinstall missing packages without asking')

# Of bats files: $status and $output are bats's own, across its subshells (SC2154, SC2030, SC2031); names
# of programs are names of files there (SC2094, SC2238); jq programs and optional arguments.
NOT_IN_BATS=SC2154,SC2030,SC2031,SC2094,SC2238,SC2016,SC2119,SC2120
MAX_COLUMNS=120 # a tab counts as 4
MAX_C_LINES=400
MAX_SHELL_LINES=200

# finding TEXT…: remember and show it.
finding() {
	printf 'lint: %s\n' "$*"
	found=$((found + 1))
}

# findings PREFIX: each line of stdin is one.
findings() {
	local line
	while IFS= read -r line; do
		finding "$1$line"
	done
}

# All files of the project, or those whose names match.
files() {
	git ls-files -co --exclude-standard -- "$@" | while IFS= read -r file; do
		[ ! -f "$file" ] || printf '%s\n' "$file"
	done
}

# shell_files: sets scripts (bash and sh) and bats.
shell_files() {
	local file first
	scripts=() bats=()
	while IFS= read -r file; do
		case $file in
		*.bats) bats+=("$file") ;;
		*.sh | *.bash) scripts+=("$file") ;;
		*)
			IFS= read -r -n 40 first <"$file" || true
			[[ ! ${first//[^[:print:]]/} =~ ^'#!'.*[/\ ](ba)?sh$ ]] || scripts+=("$file")
			;;
		esac
	done < <(files | grep -vE '\.(jsonl?|html|svg|png|gz)$')
}

# remarks OPTION…: those of shellcheck on the files of stdin, some at a time; that it could not look is one, too.
remarks() {
	local status=0
	xargs -d '\n' -P "$(nproc)" -n 8 shellcheck -x -f gcc "$@" 2>&1 || status=$?
	((status == 0 || status == 123)) || echo "shellcheck: exit status $status" # 123: it remarked on something
}

shell_code() {
	local file
	tests/lib/flat "$tmp/flat" "${scripts[@]}"
	(cd "$tmp/flat/main" && printf '%s\n' "${scripts[@]}" | remarks) >"$tmp/out"
	findings '' <"$tmp/out"
	printf '%s\n' "${bats[@]}" | remarks -s bats -e "$NOT_IN_BATS" >"$tmp/out"
	findings '' <"$tmp/out"
	for file in "${scripts[@]}" "${bats[@]}"; do
		shfmt -d "$file" >"$tmp/out" 2>&1 || findings '' <"$tmp/out"
	done
	for file in "${scripts[@]}"; do
		(($(wc -l <"$file") <= MAX_SHELL_LINES)) || finding "$file: longer than $MAX_SHELL_LINES lines"
		! grep -nE '(^|[;&|[:space:]])eval[[:space:]]' "$file" >"$tmp/out" || findings "$file: eval: " <"$tmp/out"
	done
}

c_code() {
	local file
	for file in $(files '*.c' '*.h'); do
		(($(wc -l <"$file") <= MAX_C_LINES)) || finding "$file: longer than $MAX_C_LINES lines"
		expand -t 4 "$file" | awk -v max="$MAX_COLUMNS" -v f="$file" \
			'length > max { print f ":" NR ": longer than " max " columns" }
			 /[ \t]$/ { print f ":" NR ": blanks at the end" }
			 NR == 1 && !/^\/\*/ { print f ": does not open with a comment" }
			 /^typedef struct/ { print f ":" NR ": typedef of a struct" }' >"$tmp/out"
		findings '' <"$tmp/out"
	done
}

# Words that have no place in what is handed over; split here so that this file passes.
words() {
	local unfinished='\b(TO''DO|FIX''ME|XX''X)\b' places='/wor''k/|pypi\.o''rg|npmjs\.(o''rg|com)'
	files | xargs -d '\n' grep -nIE "$unfinished" >"$tmp/out" || true
	findings '' <"$tmp/out"
	files | xargs -d '\n' grep -nIE "$places" >"$tmp/out" || true
	findings '' <"$tmp/out"
}

# Each program has a man page and a test, each module a header, each script a test.
companions() {
	local file name
	for file in src/*.c; do
		name=$(basename "$file" .c)
		[ -e "src/$name.1" ] || finding "$file: no man page src/$name.1"
		[ -e "tests/$name.bats" ] || finding "$file: no test tests/$name.bats"
	done
	for file in src/lib/*.c; do
		[ -e "${file%.c}.h" ] || finding "$file: no header"
	done
	for file in ./*.sh scripts/*.sh setup/[!e]*.sh; do
		name=$(basename "$file" .sh)
		[ -e "tests/$name.bats" ] || [ -e "tests/promises/$name.bats" ] || finding "$file: no test tests/$name.bats"
	done
}

# What is made from setup/variables.tsv is so.
made_files() {
	setup/variables.sh check >"$tmp/out" 2>&1 || findings '' <"$tmp/out"
}

# The long options that a man page lists, and those that --help lists.
man_options() {
	grep -E '^\.(It|Fl|Op|Xo)' "$1" | grep -oE '(Fl|,) (Fl |-|\\-)[a-z0-9][a-z0-9-]*' | sed -E 's/.*[^a-z0-9-]-*//' | sort -u
}

help_options() {
	grep -oE -- '(^|[^a-z0-9-])--[a-z0-9][a-z0-9-]*' "$1" | sed 's/.*--//' | sort -u
}

# The usage line of --help and the SYNOPSIS, without blanks.
usage_line() {
	sed -n '1s/^usage: //p' "$1" | tr -d ' '
}

synopsis() {
	mandoc -T ascii -O width=1000 "$1" | sed 's/.\x08//g' | awk '/^[A-Z]/ { on = /^SYNOPSIS/; next } on' | tr -d ' \t\n'
}

man_pages() {
	local page name
	for page in src/*.7; do
		mandoc -T lint -W warning "$page" >"$tmp/out" || true
		findings '' <"$tmp/out"
	done
	for page in src/*.1; do
		name=$(basename "$page" .1)
		mandoc -T lint -W warning "$page" >"$tmp/out" || true
		findings '' <"$tmp/out"
		"$BIN/$name" --help >"$tmp/help" || finding "$name --help: exit status $?"
		diff <(help_options "$tmp/help") <(man_options "$page") >"$tmp/out" || true
		sed -nE "s/^< (.*)/--\1: in --help, not in the man page/p; s/^> (.*)/--\1: in the man page, not in --help/p" \
			"$tmp/out" >"$tmp/differ"
		findings "$page: " <"$tmp/differ"
		[ "$(usage_line "$tmp/help")" = "$(synopsis "$page")" ] ||
			finding "$page: SYNOPSIS is not the usage line: $(synopsis "$page") / $(usage_line "$tmp/help")"
	done
}

main() {
	local found=0 scripts bats
	parse_options "$@"
	((${#operands[@]} == 0)) || bad_usage "${operands[0]}: unexpected"
	# shellcheck disable=SC2034 # read in deps.sh
	assume_yes=${opt[yes]-false}
	cd "$TOP"
	need_packages build lint
	[ -n "${TOKPIPE_BIN-}" ] || make -s "-j$(nproc)" all
	shopt -s nullglob
	tmp=$(mktemp -d) # not local: the trap outlives this function
	trap 'rm -rf "$tmp"' EXIT
	shell_files
	shell_code
	c_code
	words
	companions
	made_files
	man_pages
	((found == 0)) || {
		echo "lint: $found findings"
		exit 1
	}
}

main "$@"
