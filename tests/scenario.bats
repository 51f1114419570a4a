#!/usr/bin/env bats
# Scenarios as people have them (scripts/lib/scenario.sh): found by path or name, read by the shell, and of all
# that they do only LLMDBENCH_* comes back.

load lib/common
load lib/settings

# says NAME: what the scenario made of it.
says() {
	jq -r --arg name "$1" 'if .origin[$name] == "scenario" then .values[$name] else "(\(.origin[$name]))" end' \
		work/environment/settings.json
}

@test "scenario: every form of shell that people write" {
	cat >old.sh <<-'END'
		# a comment
		export LLMDBENCH_DEPLOY_METHODS=standalone
		export LLMDBENCH_DEPLOY_MODEL_LIST="facebook/opt-125m,Qwen/Qwen3-0.6B"   # another
		#export LLMDBENCH_VLLM_COMMON_REPLICAS=9
		LLMDBENCH_VLLM_COMMON_CPU_NR=$((8 + $#))
		export LLMDBENCH_VLLM_COMMON_CPU_MEM=
		export LLMDBENCH_VLLM_COMMON_ANNOTATIONS=deployed-by:$(id -un),a:b
		export LLMDBENCH_VLLM_STANDALONE_PREPROCESS="source /setup/preprocess/standalone-preprocess.sh ; \
		echo \$HOME"
		export LLMDBENCH_VLLM_STANDALONE_MODEL_LOADER_EXTRA_CONFIG='{"a": "b=c"}'
		export LLMDBENCH_VLLM_COMMON_ENVVARS_TO_YAML=$(mktemp)
		cat << EOF > $LLMDBENCH_VLLM_COMMON_ENVVARS_TO_YAML
		- name: VLLM_NIXL_SIDE_CHANNEL_PORT
		  value: "5557"
		- name: LEN
		  value: "${LLMDBENCH_VLLM_COMMON_MAX_MODEL_LEN}"
		EOF
		export LLMDBENCH_VLLM_STANDALONE_ARGS=$(mktemp)
		cat << 'EOF' > $(echo $LLMDBENCH_VLLM_STANDALONE_ARGS)
		vllm serve $X --port $((1 + 1))
		EOF
		export LLMDBENCH_VLLM_COMMON_BLOCK_SIZE=${LLMDBENCH_VLLM_COMMON_BLOCK_SIZE:-1}
		export LLMDBENCH_VLLM_COMMON_MAX_MODEL_LEN=$(( 2 * 4096 ))
		export LLMDBENCH_CONTROL_WORK_DIR=~/work
		if [[ -n "$UNSET_VARIABLE" ]]; then export LLMDBENCH_VLLM_COMMON_REPLICAS=7; fi
		cd /
		false
	END
	HOME=$PWD WORK=- resolve standup -c ./old.sh
	is 0
	same "$PWD/work" "$output"
	same 'facebook/opt-125m,Qwen/Qwen3-0.6B' "$(says DEPLOY_MODEL_LIST)"
	same '(default)' "$(says VLLM_COMMON_REPLICAS)"
	same 8 "$(says VLLM_COMMON_CPU_NR)"
	same '(default)' "$(says VLLM_COMMON_CPU_MEM)"
	same "deployed-by:$(id -un),a:b" "$(says VLLM_COMMON_ANNOTATIONS)"
	same 'source /setup/preprocess/standalone-preprocess.sh ; echo $HOME' "$(says VLLM_STANDALONE_PREPROCESS)"
	same '{"a": "b=c"}' "$(says VLLM_STANDALONE_MODEL_LOADER_EXTRA_CONFIG)"
	same '(default)' "$(says VLLM_COMMON_BLOCK_SIZE)"
	same 8192 "$(says VLLM_COMMON_MAX_MODEL_LEN)"
	file=$(says VLLM_COMMON_ENVVARS_TO_YAML)
	same "$output/setup/scenario/tmp" "${file%/*}"
	grep -x '  value: "16384"' "$file"
	same 'vllm serve $X --port $((1 + 1))' "$(<"$(says VLLM_STANDALONE_ARGS)")"
	cmp old.sh work/setup/scenario/old.sh
}

@test "scenario: nothing but LLMDBENCH_* comes back, and what it makes is in the work directory" {
	mkdir tmp
	cat >wild.sh <<-'END'
		export LLMDBENCH_DEPLOY_METHODS=standalone PATH=/nowhere HOME=/nowhere
		umask 0077
		set -f -x -u
		IFS=,
		printf() { echo mine; }
		cfg=(1) said=2 work=/nowhere top=/nowhere
		trap 'echo trapped' EXIT
		die() { :; }
		exec 5</dev/null
		read -r line && LLMDBENCH_VLLM_COMMON_REPLICAS=$line
		echo 'to stdout'
		echo 'to stderr' >&2
		/bin/sleep 60 &
		echo $! >pid
		LLMDBENCH_VLLM_COMMON_CPU_NR=3
	END
	touch before
	run --separate-stderr env TMPDIR="$PWD/tmp" LLMDBENCH_CONTROL_WORK_DIR="$PWD/work" bash -c '
		set -euo pipefail
		. "$1/scripts/lib/settings.sh"
		over[DEPLOY_SCENARIO]=./wild
		was="$PATH|$HOME|$PWD|$-|$IFS|$(umask)|$(trap)|$(declare -F)"
		resolve_settings standup
		is="$PATH|$HOME|$PWD|$-|$IFS|$(umask)|$(trap)|$(declare -F)"
		[[ $was == "$is" && $top == "$(cd -P "$1" && pwd)" ]] || diff <(echo "$was") <(echo "$is")
		echo "$work ${cfg[VLLM_COMMON_CPU_NR]} ${cfg[VLLM_COMMON_REPLICAS]} ${line-unset}"' - "$TOP" <<<17
	is 0
	same "$PWD/work 3 1 unset" "$output"
	[[ $stderr != *VLLM_COMMON_BLOCK_SIZE* ]]
	[ "$(grep -cx 'to stderr' <<<"$stderr")" = 1 ]
	[ "$(grep -cx 'to stdout' <<<"$stderr")" = 1 ]
	find . -newer before ! -path './work*' ! -path . ! -path './*stderr*' ! -path ./tmp ! -name pid | grep . && false
	[ -z "$(ls tmp)" ]
	kill "$(<pid)"
}

@test "scenario: one that is no shell, that leaves, or that cannot be read is 2" {
	printf 'export LLMDBENCH_A=1\nif true\n' >broken.sh
	resolve standup -t standalone -c ./broken
	is 2 'broken.sh: line 3: syntax error'
	printf 'export LLMDBENCH_VLLM_COMMON_REPLICAS=1\nexit 0\n' >leaves.sh
	resolve standup -t standalone -c "$PWD/leaves.sh"
	is 2 "$PWD/leaves.sh: it leaves the shell before its end"
	printf 'echo ${NOT_THERE?}\n' >leaves.sh
	resolve standup -t standalone -c "$PWD/leaves"
	is 2 "$PWD/leaves.sh: it leaves the shell before its end"
	[ ! -e work ]
	printf 'export LLMDBENCH_VLLM_COMMON_REPLICAS=1\r\n' >windows.sh
	resolve standup -t standalone -c ./windows
	is 2 "windows.sh: its lines end in CR LF: take the CRs out: sed -i 's/\\r\$//'"
	printf '\xef\xbb\xbfexport LLMDBENCH_VLLM_COMMON_REPLICAS=1\n' >mark.sh
	resolve standup -t standalone -c ./mark
	is 2 "mark.sh: it begins with a byte order mark: take that out: sed -i '1s/^\\xef\\xbb\\xbf//'"
	sed -i '1s/^\xef\xbb\xbf//' mark.sh
	resolve standup -t standalone -c ./mark
	is 0
	: >empty.sh
	resolve standup -t standalone -c ./empty.sh
	is 0
	printf 'export LLMDBENCH_VLLM_COMMON_REPLICAS=4' >no-newline.sh
	resolve standup -t standalone -c ./no-newline.sh
	same 4 "$(says VLLM_COMMON_REPLICAS)"
}

@test "scenario: found by name, with .sh and without, below folders too, by path, and of the environment" {
	mkdir -p tree elsewhere
	cp -r "$TOP/scripts" "$TOP/setup" "$TOP/Makefile" tree/
	mkdir -p tree/scenarios/guides/deep tree/scenarios/b
	for file in tree/scenarios/one tree/scenarios/guides/deep/two tree/scenarios/guides/three tree/scenarios/b/three elsewhere/one; do
		echo "export LLMDBENCH_VLLM_COMMON_ANNOTATIONS=$file:" >$file.sh
	done
	TREE=$PWD/tree # for resolve
	export TREE
	while read -r name file; do
		for name in "$name" "$name.sh" "$name.sh.sh"; do
			resolve standup -t standalone -c "$name"
			is 0
			same "$name $file:" "$name $(says VLLM_COMMON_ANNOTATIONS)"
			same "$PWD/$file.sh" "$(jq -r .scenario work/environment/settings.json)"
		done
	done <<-END
		one tree/scenarios/one
		two tree/scenarios/guides/deep/two
		guides/three tree/scenarios/guides/three
		b/three tree/scenarios/b/three
		./elsewhere/one elsewhere/one
		$PWD/elsewhere/one elsewhere/one
	END
	LLMDBENCH_DEPLOY_SCENARIO=two resolve standup -t standalone
	same tree/scenarios/guides/deep/two: "$(says VLLM_COMMON_ANNOTATIONS)"
	LLMDBENCH_DEPLOY_SCENARIO=two resolve standup -t standalone -c one
	same tree/scenarios/one: "$(says VLLM_COMMON_ANNOTATIONS)"
	resolve standup -t standalone -c three
	is 2 'Scenario file "three" is one of 2: scenarios/b/three.sh scenarios/guides/three.sh; give its path'
	resolve standup -t standalone -c twoo
	is 2 'Scenario file "twoo" could not be found. Did you mean two?' '(In scenarios/ there are: one three three two)'
	resolve standup -t standalone -c 't*'
	is 2 'Scenario file "t*" could not be found.'
	resolve standup -t standalone -c /nowhere/x
	is 2 'Scenario file "/nowhere/x" could not be found.'
	resolve standup -t standalone -c ./elsewhere
	is 2 'Scenario file "./elsewhere" could not be found.'
}
