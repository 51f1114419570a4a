#!/usr/bin/env bats
# teardown.sh where there is no cluster: its flags, what a dry run writes, what it refuses.  What it removes is tested on a
# real one, in tests/cluster.

load lib/common

# teardown_of OPTION…: in an environment of nobody's, without a kubeconfig.
teardown_of() {
	mkdir -p home
	run --separate-stderr env -i HOME="$PWD/home" TMPDIR="$TMPDIR" PATH="$PATH" "${extra[@]}" "$TOP/setup/teardown.sh" "$@"
}
extra=()

@test "teardown: its flags; what is none is refused; a token is never asked for" {
	teardown_of --help
	is 0 '-c, --scenario FILE' '-d, --deep' '-n, --dry-run' '-r, --release NAME' '-p, --namespace NS' '--yes' 'Exit status: 0 it is gone'
	teardown_of --step 4
	is 2 --step
	teardown_of now
	is 2 'now: not an option'
	teardown_of -p Shop
	is 2 Shop
	teardown_of -c nowhere
	is 2 nowhere
}

@test "teardown: no cluster: a dry run writes which labels would go, without it 3 and what to do" {
	local id
	id=$(printf 'shop\nblue\n' | sha256sum | cut -c 1-8)
	extra=(LLMDBENCH_CONTROL_STACK=blue LLMDBENCH_CONTROL_WORK_DIR="$PWD/work")
	teardown_of -p shop,load -n --deep
	is 0 'no cluster was asked' "tokpipe/stack=$id"
	same 3 "$(cat work/setup/commands/*_command.log | grep -c "^kubectl delete .* -l app.kubernetes.io/managed-by=tokpipe.tokpipe/stack=$id\$")"
	teardown_of -p shop
	is 3 'no cluster: '
	extra+=(LLMDBENCH_CONTROL_KCMD=no-such-kubectl)
	teardown_of -p shop
	is 3 'no-such-kubectl: not installed'
	extra=(LLMDBENCH_CLUSTER_URL=https://127.0.0.1:1)
	teardown_of -p shop
	is 2 'LLMDBENCH_CLUSTER_TOKEN: not set'
	extra+=(LLMDBENCH_CLUSTER_TOKEN=sesame LLMDBENCH_CONTROL_KCMD="$(type -P kubectl || echo kubectl)")
	teardown_of -p shop
	is 3 'did not answer'
	[[ "$stderr" != *sesame* ]]
}

@test "teardown: behind a dry run of standup, in its work directory, a dry run asks nobody" {
	mkdir -p bin
	printf '#!/bin/sh\necho "$@" >>"%s/called"\nexit 1\n' "$PWD" >bin/kubectl
	chmod +x bin/kubectl
	export LLMDBENCH_CONTROL_WORK_DIR=$PWD/work TOKPIPE_BIN=${TOKPIPE_BIN:-$TOP/bin} PATH=$PWD/bin:$PATH
	run --separate-stderr "$TOP/setup/standup.sh" -c kind_sim -n
	is 0
	run --separate-stderr "$TOP/setup/teardown.sh" -c kind_sim -n
	is 0 'no cluster was asked' "tokpipe/stack=$(jq -r .id work/environment/stack.json)"
	[ ! -e called ]
	run --separate-stderr "$TOP/setup/teardown.sh" -c kind_sim
	is 3
	[ -e called ]
}

# A delete takes what it removes from the labels, or names what was seen to bear them (a Job that is made again).
@test "teardown: nothing is deleted by a guessed name, or by --all" {
	run grep -rnE '(kubectl|kube|attempt|note_command)\b.*\bdelete\b' "$TOP/setup" "$TOP/scripts/lib" --include='*.sh'
	[ "$status" -eq 0 ]
	while IFS= read -r line; do
		[[ $line == *' -l '* || $line == *'/04-ensure_model_namespace_prepared.sh:'*'delete job "$name"'* || $line == *'--verbs=list,delete'* || $line == *'delete "$@"'* ||
			$line == *'"kubectl delete '* || $line == *': kubectl delete '*'"'* ]] || {
			echo "$line"
			false
		}
	done <<<"$output"
	[[ "$output" != *--all* ]]
}
