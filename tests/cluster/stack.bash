# What the tests of standup share, beside cluster.bash: scenarios of a small simulated stack, and how to stand one up in
# the namespace of the test, which goes when the test ends, with all that is in it.
# shellcheck disable=SC2034,SC2154 # NS and leaves are cluster's

load cluster

# scenario NAME LINE…: NAME.sh is that of the simulated stack, with one pod, quick to give up, and these settings.
scenario() {
	local name=$1
	leaves=true
	export XDG_STATE_HOME=$BATS_TEST_TMPDIR/state
	shift
	{
		cat "$TOP/scenarios/kind_sim.sh"
		printf 'export LLMDBENCH_%s\n' VLLM_COMMON_REPLICAS=1 CONTROL_UNSCHEDULABLE_GRACE=5 \
			CONTROL_WORK_DIR="$PWD/work-$name" VLLM_COMMON_TIMEOUT=120 VLLM_COMMON_CPU_MEM=64Mi "$@"
	} >"$name.sh"
}

# standup NAME OPTION…: of the scenario NAME.sh, in the namespace of the test.
standup() {
	local name=$1
	shift
	run --separate-stderr "$TOP/setup/standup.sh" -c "./$name.sh" -p "$NS" "$@"
}

# state: of the record of the only stack in the namespace, and who holds it.
state() {
	kubectl get configmap -n "$NS" -l app.kubernetes.io/name=tokpipe-stack -o json |
		jq -r '.items[0].data | "\(.state) [\(.holder)]"'
}
