# What every test of tests/cluster shares: a namespace of its own on the cluster that runs, settings of a stack that is
# small and simulated, and ways to look at what is there.  The kubeconfig is KUBECONFIG's, else that of the slot.

# shellcheck source=tests/lib/common.bash
. "${BASH_SOURCE[0]%/*}/../lib/common.bash"

: "${CLUSTER_SLOT:=0}"
cluster_run=${TMPDIR:-/tmp}/tokpipe-cluster-$CLUSTER_SLOT
export KUBECONFIG=${KUBECONFIG:-$cluster_run/kubeconfig}

setup() {
	cd "$BATS_TEST_TMPDIR" || return
	[ -r "$KUBECONFIG" ] || skip "no cluster is up (KUBECONFIG)"
	export TMPDIR=$BATS_TEST_TMPDIR XDG_STATE_HOME=$BATS_TEST_TMPDIR/state
	NS=t-$BATS_TEST_NUMBER-$$-$RANDOM
}

teardown() {
	[ -z "${NS-}" ] || kubectl delete namespace "$NS" --ignore-not-found --wait=false >/dev/null
}

# scenario NAME LINE…: NAME.sh is that of the simulated stack, with one pod, quick to give up, and these settings.
scenario() {
	local name=$1
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

# objects [NAMESPACE]: what carries our label there, KIND/NAME by lines.
objects() {
	kubectl get all,configmaps,secrets,pvc,serviceaccounts -n "${1-$NS}" -l app.kubernetes.io/managed-by=tokpipe -o name |
		LC_ALL=C sort
}

# state: of the record of the only stack in the namespace, and who holds it.
state() {
	kubectl get configmap -n "$NS" -l app.kubernetes.io/name=tokpipe-stack -o json |
		jq -r '.items[0].data | "\(.state) [\(.holder)]"'
}
