#!/usr/bin/env bats
# setup/variables.tsv, and what variables.sh makes of it: setup/env.sh and setup/VARIABLES.md.

load lib/common
load lib/settings

rows() {
	grep -v '^#' "$TOP/setup/variables.tsv"
}

@test "variables: the table has six fields a row, each name once, kinds that are checked and scopes that there are" {
	same '' "$(rows | awk -F '\t' 'NF != 6 || /  |\t\t| $/ { print NR ": " $0 }')"
	same '' "$(rows | cut -f 1 | sort | uniq -d)"
	same '' "$(rows | cut -f 3 | grep -vxE '[*smrco]')"
	kinds='text|int(:1)?|port|bool|portion|quantity|seconds|name|namespace|label|json|path|mount|secret|list|url|tag|choice:.+'
	same '' "$(rows | cut -f 4 | grep -vxE "($kinds)\??")"
	same '' "$(rows | awk -F '\t' '$3 ~ /[*s]/ && $5 == "-"')"
	same '' "$(comm -23 <(rows | cut -f 2 | sed -n 's/^=//p' | sort -u) <(rows | cut -f 1 | sort))"
}

@test "variables: env.sh and the page are what the table makes, and check sees when they are not" {
	"$TOP/setup/variables.sh" check
	same "$("$TOP/setup/variables.sh" env)" "$(<"$TOP/setup/env.sh")"
	same "$("$TOP/setup/variables.sh" page)" "$(<"$TOP/setup/VARIABLES.md")"
	cp -r "$TOP/scripts" "$TOP/setup" "$TOP/Makefile" .
	sed -i 's/llmdbench/another/' setup/variables.tsv
	run --separate-stderr setup/variables.sh check
	is 1 'setup/env.sh: not what setup/variables.tsv makes: setup/variables.sh write'
	setup/variables.sh write
	setup/variables.sh check
	echo >>setup/VARIABLES.md x
	run --separate-stderr setup/variables.sh check
	is 1 setup/VARIABLES.md
	run --separate-stderr setup/variables.sh
	is 2 'env, page, check or write'
	run --separate-stderr setup/variables.sh pages
	is 2 'pages: expected env, page, check or write'
}

@test "variables: the page has one row for each of the tool that the names come from" {
	[ "$(wc -l <"$DATA/stack/names.txt")" = 63 ]
	while read -r name; do
		[ "$(grep -c "^| ${name#LLMDBENCH_} |" "$TOP/setup/VARIABLES.md")" = 1 ] || echo "$name"
	done <"$DATA/stack/names.txt" >missing
	same '' "$(<missing)"
	awk -F ' [|] ' '/^## /{ on = 0 } /^## For (every|method s)/{ on = 1 } on && /^[|] [A-Z]/ && NF < 4' "$TOP/setup/VARIABLES.md" >thin
	same '' "$(<thin)"
}

@test "variables: env.sh can be sourced, keeps what is set, and says the defaults that the scripts take" {
	resolve standup -t standalone
	# shellcheck disable=SC2016 # in the shell that is started
	env -i PATH="$PATH" bash -euc '. "$1/setup/env.sh"; for n in "${!LLMDBENCH_@}"; do printf "%s=%s\n" "${n#LLMDBENCH_}" "${!n}"; done' \
		- "$TOP" >sourced
	[ "$(wc -l <sourced)" -gt 100 ]
	while IFS='=' read -r name value; do
		[ "$name" = DEPLOY_METHODS ] || same "$name=${value/#false/0} (default)" "$name=$(given "$name")"
	done < <(grep -E '^(VLLM_COMMON|VLLM_STANDALONE|HARNESS)_' sourced)
	same 7 "$(LLMDBENCH_VLLM_COMMON_REPLICAS=7 bash -c '. "$1/setup/env.sh"; echo $LLMDBENCH_VLLM_COMMON_REPLICAS' - "$TOP")"
	# with all of it in the environment nothing is another, and nothing is said
	same "$(. "$TOP/setup/env.sh" && cp -r work was && LLMDBENCH_DEPLOY_METHODS=modelservice resolve standup -t standalone >&2 &&
		[ -z "$stderr" ] && jq -c 'del(.values.RUN_EXPERIMENT_ID)' work/environment/settings.json)" \
		"$(jq -c 'del(.values.RUN_EXPERIMENT_ID)' was/environment/settings.json)"
}

@test "variables: the settings that other tests take are those of scenarios/kind_sim.sh" {
	local same='del(.scenario, .values.CONTROL_WORK_DIR, .values.RUN_EXPERIMENT_ID, .values.VLLM_COMMON_ANNOTATIONS,
		.values.VLLM_MODELSERVICE_DECODE_PODANNOTATIONS, .values.VLLM_MODELSERVICE_PREFILL_PODANNOTATIONS,
		.values.DEPLOY_SCENARIO, .origin.CONTROL_WORK_DIR)'
	resolve standup -c kind_sim
	is 0
	same "$(jq -S "$same" "$DATA/stack/settings.json")" "$(jq -S "$same" work/environment/settings.json)"
}
