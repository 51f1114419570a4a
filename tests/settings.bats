#!/usr/bin/env bats
# The settings of a stack (scripts/lib/settings.sh): table, environment, scenario and flags, in that order.

load lib/common
load lib/settings

# A variable of every kind, its default, and three other values of it, as they come out.
variables() {
	cat <<-'END'
		VLLM_COMMON_POD_SCHEDULER default-scheduler one two:2=3 a,b;$(c)
		VLLM_STANDALONE_VLLM_LOAD_FORMAT auto tensorizer safetensors NA
		VLLM_COMMON_REPLICAS 1 0 3 64
		VLLM_COMMON_ACCELERATOR_NR 1 0 8 NA
		VLLM_COMMON_INFERENCE_PORT 8000 1 65535 8200
		VLLM_STANDALONE_ROUTE 1 no true false
		VLLM_COMMON_ACCELERATOR_MEM_UTIL 0.95 0.5 1 .9
		VLLM_COMMON_CPU_MEM 40Gi 1.5Gi 500m 3e9
		VLLM_COMMON_TIMEOUT 3600 1 20 86400
		VLLM_COMMON_PVC_NAME model-pvc a a.b c-0
		VLLM_COMMON_NAMESPACE llmdbench a b-1 c
		VLLM_COMMON_AFFINITY auto k:v nvidia.com/gpu.product:NVIDIA-H100-80GB-HBM3 NA
		VLLM_STANDALONE_MODEL_LOADER_EXTRA_CONFIG {} {"a":{"b":1}} [1] "x"
		DEPLOY_MODEL_LIST meta-llama/Llama-3.2-1B-Instruct a/b c/d,e/f:g h
		CLUSTER_URL auto https://a.b.c:6443 http://localhost:1 https://x
		VLLM_STANDALONE_PVC_MOUNTPOINT /model-storage /a /b/c /d
		VLLM_COMMON_PVC_ACCESSMODE ReadWriteMany ReadWriteOnce ReadOnlyMany ReadWriteOncePod
		VLLM_STANDALONE_IMAGE_TAG v0.10.2 v0.8.5 latest 1@sha256:a
	END
}

# set_to NAME VALUE: what a scenario says; the value is between single quotes.
set_to() {
	printf "export LLMDBENCH_%s='%s'\n" "$1" "$2"
}

# as_kept VALUE: what is on or off is kept as 1 or 0.
as_kept() {
	case $1 in
	no | false) echo 0 ;;
	true) echo 1 ;;
	*) printf '%s\n' "$1" ;;
	esac
}

@test "settings: default, environment, scenario, flag: the later one wins, for a variable of each kind" {
	local name default one two three
	variables >list
	while read -r name default one two three; do
		rm -rf work
		resolve standup -t standalone
		same "$default (default)" "$(given "$name")"
		export "LLMDBENCH_$name=$one"
		resolve standup -t standalone
		same "$(as_kept "$one") (environment)" "$(given "$name")"
		set_to "$name" "$two" >scenario.sh
		resolve standup -t standalone -c ./scenario
		same "$(as_kept "$two") (scenario)" "$(given "$name")"
		unset "LLMDBENCH_$name"
		set_to "$name" "$three" >scenario.sh
		resolve standup -t standalone -c ./scenario
		same "$(as_kept "$three") (scenario)" "$(given "$name")"
	done <list
	set_to VLLM_COMMON_AFFINITY k:v >scenario.sh
	LLMDBENCH_VLLM_COMMON_AFFINITY=e:e resolve standup -t standalone -c ./scenario -a 'f:f'
	same 'f:f (flag)' "$(given VLLM_COMMON_AFFINITY)"
}

@test "settings: each flag sets its variable, in every form, for each script that has it" {
	local script
	each() { # SCRIPT "VARIABLE=VALUE …" FLAG…
		local pair
		LLMDBENCH_DEPLOY_METHODS=standalone WORK=work-$1 resolve "$1" "${@:3}"
		is 0
		for pair in $2; do
			same "$*: ${pair#*=} (flag)" "$*: $(given "${pair%%=*}" "work-$1")"
		done
	}
	all=(-t standalone -n -v)
	for script in standup run teardown e2e; do
		each $script 'DEPLOY_MODEL_LIST=a/b=c DEPLOY_METHODS=standalone CONTROL_DRY_RUN=1 CONTROL_VERBOSE=1' "${all[@]}" -m a/b=c
		each $script 'DEPLOY_MODEL_LIST=a/b=c VLLM_COMMON_NAMESPACE=ns HARNESS_NAMESPACE=ns' -m=a/b=c -p=ns
		each $script 'DEPLOY_MODEL_LIST=a/b=c VLLM_COMMON_NAMESPACE=ns HARNESS_NAMESPACE=load' --models a/b=c --namespace ns,load
		each $script 'DEPLOY_MODEL_LIST=a/b=c DEPLOY_METHODS=standalone' -m first --models=a/b=c --type=standalone --dry-run
	done
	for script in standup e2e; do
		each $script 'STEP_LIST=4-6,10 VLLM_COMMON_AFFINITY=a:b VLLM_COMMON_ANNOTATIONS=a:b=c,d:e' \
			--step 4-6,10 -a a:b --annotations=a:b=c,d:e
	done
	for script in run e2e; do
		each $script 'HARNESS_NAME=tokpipe HARNESS_EXPERIMENT_PROFILE=p HARNESS_PVC_NAME=v HARNESS_EXPERIMENT_TREATMENTS=x.yaml' \
			-l tokpipe -w p -k v -e x.yaml
		each $script 'HARNESS_EXPERIMENT_PROFILE_OVERRIDES=a=1,b.c=2 HARNESS_SKIP_RUN=1 HARNESS_LOAD_PARALLELISM=3' \
			-o a=1,b.c=2 -z --parallelism 3
		each $script 'HARNESS_EXPERIMENT_TREATMENTS=x.yaml HARNESS_WAIT_TIMEOUT=0 HARNESS_DEBUG=1 HARNESS_LOCAL_LOAD=1' \
			--experiments=x.yaml --wait=0 --debug --local-load
	done
	each standup STEP_LIST=0,1 -s 0,1
	each run 'HARNESS_WAIT_TIMEOUT=5 HARNESS_DEBUG=1' -s 5 -d
	each teardown CONTROL_DEEP_CLEANING=1 -d
	each e2e CONTROL_DEEP_CLEANING=1 --deep
}

@test "settings: -s and -d, which differ between the scripts, are no flags of e2e" {
	resolve e2e -s 5
	is 2 'e2e.sh: unknown option -s'
	resolve e2e -d
	is 2 'e2e.sh: unknown option -d'
	resolve teardown -w x
	is 2 'unknown option -w'
	resolve standup --namespce x
	is 2 'unknown option --namespce; did you mean --namespace?'
	resolve standup -n=1
	is 2 '-n takes no value'
	resolve standup -c
	is 2 '-c: a value is missing (FILE)'
}

@test "settings: a default that follows from another is worked out after scenario and flags" {
	set_to VLLM_COMMON_REPLICAS 5 >scenario.sh
	set_to VLLM_COMMON_ACCELERATOR_NR 4 >>scenario.sh
	resolve standup -t standalone -c ./scenario -p mine
	is 0
	same '5 (default)' "$(given VLLM_MODELSERVICE_DECODE_REPLICAS)"
	same '4 (default)' "$(given VLLM_COMMON_TENSOR_PARALLELISM)"
	same 'scenario (default)' "$(given CONTROL_STACK)"
	LLMDBENCH_VLLM_COMMON_NAMESPACE=there resolve standup -t standalone
	same 'there (default)' "$(given HARNESS_NAMESPACE)"
	LLMDBENCH_HARNESS_NAMESPACE=load resolve standup -t standalone
	same 'load (environment)' "$(given HARNESS_NAMESPACE)"
	LLMDBENCH_VLLM_STANDALONE_IMAGE_NAME=tokpipe-sim resolve standup -t standalone
	same "$(sed -n 's/^VERSION = //p' "$TOP/Makefile") (default)" "$(given VLLM_STANDALONE_IMAGE_TAG)"
	for pair in https://api.fmaas.res.ibm.com:6443=fmaas https://10.0.0.1:6443=10.0.0.1 http://localhost:1=localhost; do
		LLMDBENCH_CLUSTER_URL=${pair%=*} resolve standup -t standalone
		same "${pair#*=} (default)" "$(given CONTROL_CLUSTER_NAME)"
	done
}

@test "settings: an empty value is not given, wherever it is" {
	set_to VLLM_COMMON_CPU_NR '' >scenario.sh
	set_to VLLM_COMMON_BLOCK_SIZE '' >>scenario.sh
	LLMDBENCH_VLLM_COMMON_CPU_NR=7 LLMDBENCH_VLLM_COMMON_CPU_MEM='' resolve standup -t standalone -c ./scenario -a ''
	is 0
	same '7 (environment)' "$(given VLLM_COMMON_CPU_NR)"
	same '64 (default)' "$(given VLLM_COMMON_BLOCK_SIZE)"
	same '40Gi (default)' "$(given VLLM_COMMON_CPU_MEM)"
	same 'auto (default)' "$(given VLLM_COMMON_AFFINITY)"
}

@test "settings: nearly no environment, and odd names in it" {
	echo 'export LLMDBENCH_=2 LLMDBENCH_lower=x; LLMDBENCH_ARRAY=(a b)' >scenario.sh
	run --separate-stderr env -i PATH=/usr/bin:/bin LLMDBENCH_=1 LLMDBENCH_CLUSTER_CA='~/ca.crt' TMPDIR="$PWD" setsid bash -c '
		set -euo pipefail; . "$1/scripts/lib/stackflags.sh"; usage=-
		stack_options standup; parse_options -t standalone -c ./scenario; flag_values; resolve_settings standup
		echo "${cfg[lower]} ${cfg[ARRAY]} ${cfg[CLUSTER_CA]}"' - "$TOP" </dev/null
	is 0
	same "x a $(env -u HOME bash -c 'echo ~')/ca.crt" "$output"
}

@test "settings: a wrong value is 2, before anything is made, and says what is expected" {
	while read -r name value expected; do
		export "LLMDBENCH_$name=$value"
		resolve standup -t standalone
		is 2 "standup.sh: LLMDBENCH_$name: $value: expected $expected"
		[ ! -e work ]
		unset "LLMDBENCH_$name"
	done <<-'END'
		VLLM_COMMON_REPLICAS two a whole number, at least 0
		VLLM_COMMON_REPLICAS -1 a whole number, at least 0
		VLLM_COMMON_REPLICAS NA a whole number, at least 0
		VLLM_COMMON_MAX_MODEL_LEN 0 a whole number, at least 1
		VLLM_COMMON_TIMEOUT 5m a whole number, at least 1
		VLLM_COMMON_INFERENCE_PORT 65536 a port
		VLLM_STANDALONE_ROUTE maybe 1 or 0
		VLLM_COMMON_ACCELERATOR_MEM_UTIL 95 a number above 0, at most 1
		VLLM_COMMON_ACCELERATOR_MEM_UTIL 0.00 a number above 0, at most 1
		VLLM_COMMON_CPU_MEM 40GB a quantity
		VLLM_COMMON_CPU_MEM 4_0 a quantity
		VLLM_COMMON_NAMESPACE A_b lower-case
		VLLM_COMMON_NAMESPACE a.b lower-case
		VLLM_COMMON_PVC_NAME -a lower-case
		VLLM_COMMON_AFFINITY nvidia auto or KEY:VALUE
		VLLM_STANDALONE_MODEL_LOADER_EXTRA_CONFIG {"a": one JSON value
		VLLM_STANDALONE_MODEL_LOADER_EXTRA_CONFIG {}{} one JSON value
		VLLM_COMMON_PVC_ACCESSMODE RWX one of ReadWriteMany,
		VLLM_STANDALONE_PVC_MOUNTPOINT relative a path
		CLUSTER_URL somewhere auto or https://
		HARNESS_LOAD_PARALLELISM 0 a whole number, at least 1
	END
	resolve e2e -t standalone --wait soon
	is 2 'e2e.sh: --wait: soon: expected a whole number'
	LLMDBENCH_VLLM_STANDALONE_IMAGE_TAG=auto resolve standup -t standalone
	is 2 'LLMDBENCH_VLLM_STANDALONE_IMAGE_TAG: auto: the newest tag of a registry is another one tomorrow'
}

@test "settings: teardown looks only at what it uses, and takes any method" {
	LLMDBENCH_VLLM_COMMON_REPLICAS=two LLMDBENCH_DEPLOY_METHODS=kserve resolve teardown
	is 0
	LLMDBENCH_VLLM_COMMON_NAMESPACE=A resolve teardown
	is 2 LLMDBENCH_VLLM_COMMON_NAMESPACE
}

@test "settings: methods, load generators and flags that there are not" {
	for script in standup e2e run; do
		resolve $script
		is 2 "$script.sh: LLMDBENCH_DEPLOY_METHODS: modelservice: there is no such method here yet (there is: standalone); say -t standalone"
	done
	for script in standup e2e; do
		resolve $script -t kserve
		is 2 'LLMDBENCH_DEPLOY_METHODS: kserve: no such method (there is: standalone)'
		resolve $script -t standalone,llm-d
		is 2 'LLMDBENCH_DEPLOY_METHODS: llm-d: no such method (there is: standalone); the old tool spells it modelservice'
		resolve $script -t standalone -r mine
		is 2 '--release does not apply to method standalone'
	done
	for script in run e2e; do
		resolve $script -t standalone -l inference-perf
		is 2 'LLMDBENCH_HARNESS_NAME: inference-perf: no such load generator here (there is: tokpipe); say -l tokpipe'
	done
	resolve run -t some-service
	is 0
	LLMDBENCH_HARNESS_NAME=guidellm resolve standup -t standalone
	is 0
	[ -d work ]
}

@test "settings: what has no effect is said: of another method, of the old tool, and names that are none" {
	cat >scenario.sh <<-'END'
		export LLMDBENCH_VLLM_MODELSERVICE_EPP=true
		export LLMDBENCH_HARNESS_CONDA_ENV_NAME=x
		export LLMDBENCH_EPP_ENABLE_LOAD_AWARE_SCORER=true
		export LLMDBENCH_VLLM_COMON_REPLICAS=3
		export LLMDBENCH_SOMETHING_ELSE_ENTIRELY=1
		export LLMDBENCH_VLLM_STANDALONE_NCCL_IB_HCA=mlx5
		export LLMDBENCH_VLLM_STANDALONE_OF_ARGS=1
		export LLMDBENCH_VLLM_COMMON_ENVVARS_TO_YAML=LLMDBENCH_VLLM_STANDALONE_NCCL_IB_HCA
		export LLMDBENCH_VLLM_STANDALONE_ARGS="vllm REPLACE_ENV_LLMDBENCH_VLLM_STANDALONE_OF_ARGS"
	END
	LLMDBENCH_HARNESS_NMAE=x resolve standup -t standalone -c ./scenario
	is 0 'warning: LLMDBENCH_VLLM_MODELSERVICE_EPP does not apply to method standalone' \
		'LLMDBENCH_HARNESS_CONDA_ENV_NAME has no effect here: nothing needs conda' \
		'LLMDBENCH_EPP_ENABLE_LOAD_AWARE_SCORER has no effect here' \
		'warning: LLMDBENCH_VLLM_COMON_REPLICAS: no such variable; did you mean LLMDBENCH_VLLM_COMMON_REPLICAS?' \
		'warning: LLMDBENCH_HARNESS_NMAE: no such variable; did you mean LLMDBENCH_HARNESS_NAME?' \
		'warning: LLMDBENCH_SOMETHING_ELSE_ENTIRELY: no such variable'
	[ "$(grep -c . <<<"$stderr")" = 6 ]
	same 'mlx5 (scenario)' "$(given VLLM_STANDALONE_NCCL_IB_HCA)"
	resolve e2e -t standalone -c ./scenario
	is 0
	same '' "$stderr"
}

@test "settings: an old scenario's image of the load is not ours: ours is used, and run.sh says so" {
	printf 'export LLMDBENCH_IMAGE_%s\n' REGISTRY=ghcr.io REPO=llm-d NAME=llm-d-benchmark TAG=v0.1.5 >scenario.sh
	resolve run -t standalone -c ./scenario
	is 0 'ghcr.io/llm-d/llm-d-benchmark has no load generator of ours: tokpipe/tokpipe is used'
	same 'localhost (default)' "$(given IMAGE_REGISTRY)"
	same "$(sed -n 's/^VERSION = //p' "$TOP/Makefile") (default)" "$(given IMAGE_TAG)"
}

@test "settings: no value is changed by being written down and read again" {
	cat >scenario.sh <<-'END'
		export LLMDBENCH_VLLM_STANDALONE_PREPROCESS='a: "b" # c
		 d'"'"'e \n $(f) `g`; 😀 é'
		export LLMDBENCH_VLLM_STANDALONE_ARGS=$(head -c 65536 /dev/zero | tr '\0' x)$'\n\n='
	END
	resolve standup -t standalone -c ./scenario
	is 0
	bash -c '. ./scenario.sh; printf "%s|" "$LLMDBENCH_VLLM_STANDALONE_PREPROCESS" "$LLMDBENCH_VLLM_STANDALONE_ARGS"' >want
	bash -c 'set -euo pipefail; . "$1/scripts/lib/settings.sh"; load_settings work
		printf "%s|" "${cfg[VLLM_STANDALONE_PREPROCESS]}" "${cfg[VLLM_STANDALONE_ARGS]}"
		[[ ${origin[VLLM_STANDALONE_ARGS]} == scenario && $scenario_file == "$2" && $work == "$3" ]]' \
		- "$TOP" "$PWD/scenario.sh" "$PWD/work" >got
	cmp want got
	# shellcheck disable=SC1091 # just made
	(. work/environment/variables && printf '%s|' "$LLMDBENCH_VLLM_STANDALONE_PREPROCESS" "$LLMDBENCH_VLLM_STANDALONE_ARGS") >again
	cmp want again
	jq -e '([.values, .origin] | map(keys) | .[0] == .[1]) and all(.values[], .origin[]; type == "string")' work/environment/settings.json
}

@test "settings: a value that is no UTF-8 is 2: it would arrive as another one" {
	LLMDBENCH_VLLM_STANDALONE_VLLM_LOGGING_LEVEL=$'a\xffb' resolve standup -t standalone
	is 2 'LLMDBENCH_VLLM_STANDALONE_VLLM_LOGGING_LEVEL: ' 'expected UTF-8'
	LLMDBENCH_MADE_UP=$'\xc3' resolve standup -t standalone
	is 2 LLMDBENCH_MADE_UP 'expected UTF-8'
}

@test "settings: a token is in no file and on no command line, wherever it comes from" {
	printf 'export LLMDBENCH_HF_TOKEN="hf_sEcReT"\nexport X=hf_sEcReT # by hand\nsleep 0.5\n' >scenario.sh
	LLMDBENCH_CLUSTER_TOKEN=$'sha256~clusterSecret\n' resolve standup -t standalone -c ./scenario &
	pid=$!
	while kill -0 $pid 2>/dev/null; do
		cat /proc/[0-9]*/cmdline 2>/dev/null | tr '\0' ' ' | grep -E '[s]EcReT|cluster[S]ecret' | grep -v resolve && touch seen
		sleep 0.05
	done
	wait $pid
	[ ! -e seen ]
	[ -s work/setup/scenario/scenario.sh ]
	run ! grep -r 'sEcReT\|clusterSecret' work
	grep -q 'LLMDBENCH_HF_TOKEN: left out' work/setup/scenario/scenario.sh
	jq -e '.values | has("HF_TOKEN") or has("CLUSTER_TOKEN") | not' work/environment/settings.json
}

@test "settings: a token in another variable would be written down: 2" {
	LLMDBENCH_HF_TOKEN=hf_sEcReT LLMDBENCH_VLLM_STANDALONE_PREPROCESS='hf auth login --token hf_sEcReT' resolve standup -t standalone
	is 2 'LLMDBENCH_VLLM_STANDALONE_PREPROCESS: it holds the token of LLMDBENCH_HF_TOKEN'
	[ ! -e work ]
}

@test "settings: an empty token in a scenario does not take the one of the environment" {
	echo 'export LLMDBENCH_HF_TOKEN=' >scenario.sh
	LLMDBENCH_HF_TOKEN=$'hf_x \n' run --separate-stderr bash -c '. "$1/scripts/lib/settings.sh"; over[DEPLOY_SCENARIO]=./scenario
		over[DEPLOY_METHODS]=standalone; over[CONTROL_WORK_DIR]=work; resolve_settings standup; env | grep ^LLMDBENCH_HF' - "$TOP"
	same LLMDBENCH_HF_TOKEN=hf_x "$output"
}

@test "settings: the work directory: a new one, the named one, a used one, and another stack's" {
	mkdir tmp
	TMPDIR=$PWD/tmp WORK=- resolve standup -t standalone
	is 0
	[[ $output == "$PWD/tmp/auto-standup"?????? ]]
	[ "$(stat -c %a "$output")" = 700 ]
	same "$(ls tmp)" "${output##*/}"
	resolve standup -t standalone
	is 0
	[ "$(stat -c %a work)" = 700 ]
	echo x >work/setup/commands/1_command.log
	touch work/results/kept
	resolve standup -t standalone -s 4
	[ -s work/setup/commands/1_command.log ]
	resolve run -t standalone
	[ -s work/setup/commands/1_command.log ]
	resolve standup -t standalone
	is 0 'what was in setup is now in setup.'
	same 1 "$(find work/setup.*/commands -type f | wc -l)"
	[ -e work/results/kept ] && [ ! -e work/setup/commands/1_command.log ]
	echo '{"namespace":"llmdbench","name":"default"}' >work/environment/stack.json
	resolve standup -t standalone
	is 0
	resolve standup -t standalone -p other
	is 2 'it is of stack default in namespace llmdbench, this is stack default in namespace other'
	touch file
	WORK=$PWD/file resolve standup -t standalone
	is 4 "$PWD/file: cannot be made"
}

@test "settings: commands are noted one a file, also by several processes at once" {
	resolve standup -t standalone
	for _ in 1 2 3 4; do
		bash -c '. "$1/scripts/lib/settings.sh"; work=$2; for ((i = 0; i < 50; i++)); do note_command kubectl get "a b" $i; done' \
			- "$TOP" "$PWD/work" &
	done
	wait
	[ "$(find work/setup/commands -name '[0-9]*_command.log' | wc -l)" = 200 ]
	grep -rlx "kubectl get 'a b' 7" work/setup/commands | wc -l | grep -x 4
}

# on_small_disk KILOBYTES COMMAND…: ./small is a disk of half a megabyte on which so many are taken.
on_small_disk() {
	local taken=$1
	shift
	mkdir -p small
	# shellcheck disable=SC2016 # for the shell inside
	unshare --user --map-root-user --mount bash -c 'mount -t tmpfs -o size=512k tmpfs small && head -c "${1}K" /dev/zero >small/taken; shift; "$@"' - "$taken" "$@"
}

@test "settings: a work directory on a full disk is 4, and one that fills up ends what is noted, for good" {
	on_small_disk 0 true 2>/dev/null || skip "no file system can be mounted here"
	run --separate-stderr on_small_disk 400 env LLMDBENCH_CONTROL_WORK_DIR="$PWD/small/work" "$TOP/setup/standup.sh" -c kind_sim -n
	is 4 "$PWD/small/work: there is no room: make some, or set LLMDBENCH_CONTROL_WORK_DIR to another directory"
	run --separate-stderr on_small_disk 0 env LLMDBENCH_CONTROL_WORK_DIR="$PWD/small/work" "$TOP/setup/standup.sh" -c kind_sim -n
	is 0
	# shellcheck disable=SC2016 # for the shell inside
	run --separate-stderr on_small_disk 512 timeout 60 bash -c '. "$1/scripts/lib/settings.sh"; work=$PWD/small; mkdir -p small/setup/commands; note_command a' - "$TOP"
	is 4 'command.log: cannot be written: is the disk full?'
}

@test "settings: without jq --dry-run says so, and a wrong value is still said" {
	mkdir programs
	ln -s /usr/bin/* programs/
	rm programs/jq
	TOKPIPE_BIN=/nowhere PATH=$PWD/programs resolve standup -t standalone -n
	is 2 '--dry-run installs nothing, and the settings cannot be written without jq'
	[ ! -e work ]
	TOKPIPE_BIN=/nowhere PATH=$PWD/programs resolve standup -t standalone -n -a nvidia
	is 2 'expected auto or KEY:VALUE'
}

@test "settings: --help tells the defaults that the environment changes" {
	LLMDBENCH_VLLM_COMMON_NAMESPACE=mine resolve standup --help
	is 0 '-p, --namespace NS' '(default: mine)' '-s, --step LIST' '-m, --models LIST          models, by comma (default: meta-llama/Llama-3.2-1B-Instruct)'
	resolve e2e --help
	is 0 '  --step LIST' '  --deep  '
}
