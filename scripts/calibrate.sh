#!/usr/bin/env bash
# calibrate.sh: find words that are one token each for this server's model, so that made-up
# prompts have exactly as many tokens as words.  It asks the server's /tokenize: of words
# together at first, and of halves where the count is not that of the words (a token never
# spans a blank, so a right count means that each word is one).  The words are written for
# genload --words only after a whole prompt made of them was counted.
# With --lengths it asks any server, by the usage of 20 requests, for the factor between its count of
# tokens and genload's (genload --token-ratio, --template-tokens).
set -euo pipefail

lib=$(dirname "${BASH_SOURCE[0]}")/lib
# shellcheck source=scripts/lib/setup.sh
. "$lib/setup.sh"
# shellcheck source=scripts/lib/target.sh
. "$lib/target.sh"
# shellcheck source=scripts/lib/calibration.sh
. "$lib/calibration.sh"

# shellcheck disable=SC2034 # for the option parser
usage='--url URL [--output FILE] [OPTION...]'
# shellcheck disable=SC2034
about='Writes a file of words that are one token each for a server (genload --words, prompts.words).'
options=(
	$'url URL\tthe server; it needs /tokenize (vLLM, llama.cpp and llmsim have it)'
	$'model M\tmodel name (default: the only one the server has)'
	$'output FILE\twhere to write the words (words.txt)'
	$'words FILE\tcandidates, one a line (default: genload\'s own)'
	$'lengths\tinstead print token_ratio and template_tokens, as JSON, found with 20 requests'
	$'prompts FILE\twith --lengths: of the prompts in this file, not of made-up ones'
	$'api NAME\twith --lengths: openai-chat or openai-completions'
	$'api-key-env NAME\tthe API key is in this environment variable'
	$'api-key-file FILE\tthe API key is in this file'
	$'cacert FILE\ttrust the certificates in this file'
	$'insecure\tdo not verify the server\'s certificate'
	$'yes\tinstall missing packages without asking'
)

sample=512 # words in the prompt that proves the list

# tokens TEXT: set tokens to how many the server counts.
tokens() {
	jq -Rsc --arg model "$model" -f "$top/scripts/lib/calibrate.jq" < <(printf '%s' "$1") >"$work"
	ask "$url/tokenize" -H 'Content-Type: application/json' --data-binary "@$work"
	[[ $http_status != 40[45] && $http_status != 501 ]] ||
		die 3 "$url/tokenize: not there: lengths of made-up prompts are estimates with this server"
	tokens=$(jq -r '.count // (.tokens | length)' <<<"$answer" 2>/dev/null) || tokens=''
	[[ $http_status == 2* && $tokens =~ ^[0-9]+$ ]] ||
		die 3 "$url/tokenize: HTTP $http_status, no count of tokens: ${answer:0:200}"
}

# single WORD…: add those that are one token to good.
single() {
	local half=$((($# + 1) / 2))
	tokens " $*"
	if ((tokens == $#)); then
		good+=("$@")
	elif (($# > 1)); then
		single "${@:1:half}"
		single "${@:half+1}"
	fi
}

# candidates: the words to try, one a line.
candidates() {
	if [[ -n ${opt[words]-} ]]; then
		grep -v -e '^#' -e '^$' -- "${opt[words]}" | sort -u
	else
		genload -n 40 --input-tokens 500 --model any | jq -r '.body.messages[0].content' | tr ' ' '\n' | sort -u
	fi
}

# prove FILE: a prompt as genload makes it has as many tokens as words.
prove() {
	tokens " $(genload -n 1 --input-tokens "$sample" --words "$1" --model any | jq -r '.body.messages[0].content')"
	((tokens == sample)) ||
		die 3 "$url: $sample words were counted as $tokens tokens: lengths of made-up prompts are estimates"
}

# lengths: print what 20 requests tell.
lengths() {
	workload=$(mktemp)
	trap 'rm -f "$workload"' EXIT
	jq -n --arg words "${opt[words]-}" --arg file "${opt[prompts]-}" --arg api "${opt[api]-openai-chat}" \
		'def given: if . == "" then null else . end; {prompts: {words: ($words | given), file: ($file | given)}, request: {api: $api}}' \
		>"$workload"
	ask_lengths "$workload"
	out printf '%s\n' "$calibration"
}

main() {
	local output words good=()
	parse_options "$@"
	log_start
	((${#operands[@]} == 0)) || bad_usage "${operands[0]}: not an option"
	[[ -n ${opt[url]-} ]] || bad_usage "--url is missing"
	# shellcheck disable=SC2034 # for need_packages
	[[ -z ${opt[yes]-} ]] || assume_yes=true
	set_up
	clean_url "${opt[url]}"
	connection_options
	ask_models
	choose_model ''
	if [[ -n ${opt[lengths]-} ]]; then
		lengths
		return
	fi
	work=$(mktemp)
	words_file=$(mktemp)
	trap 'rm -f "$work" "$words_file"' EXIT
	mapfile -t words < <(candidates)
	((${#words[@]})) || die 2 "--words ${opt[words]-}: no words in it"
	info "trying ${#words[@]} words"
	single "${words[@]}"
	((${#good[@]} >= 2)) || die 3 "$url: too few words are one token: lengths of made-up prompts are estimates"
	output=${opt[output]-words.txt}
	printf '%s\n' '#one-token' "${good[@]}" >"$words_file"
	prove "$words_file"
	cp "$words_file" "$output" || die 4 "$output: cannot be written"
	printf '%s: %s of %s words are one token for %s; a prompt of %s words was counted as %s tokens\n' \
		"$output" "${#good[@]}" "${#words[@]}" "$model" "$sample" "$tokens"
}

main "$@"
