# shellcheck shell=bash
# inload_flags: what a user may say of a cluster and of the pods that send the load.

# shellcheck disable=SC2034,SC2154 # cluster_options is bench.sh's; target, too

# shellcheck source=scripts/lib/base.sh
. "${BASH_SOURCE[0]%/*}/base.sh"

cluster_options=(
	$'context C\tthe cluster of this context of the kubeconfig (the current one)'
	$'kubeconfig FILE\tthe kubeconfig ($KUBECONFIG, else ~/.kube/config)'
	$'in-cluster\tsend the load from pods of the cluster, not from here'
	$'pods N\tso many load pods, each with its share of the load (1)'
	$'pvc NAME\tthe volume claim that they write to; made when it is not there (workload-pvc)'
	$'harness-namespace N\tthe namespace of the load pods (that of --namespace)'
	$'load-image IMAGE\ttheir image (localhost/tokpipe/tokpipe of this version)'
	$'load-timeout D\thow long the load may take (1h); 0: start it, and fetch it later with --resume'
	$'debug-pods\tthe load pods do nothing and stay, to be looked at'
	$'manifests DIR\twith --dry-run: the objects of the load, as files'
	$'collect\twith --resume: send nothing more, fetch what the load pods have written'
)

in_cluster() {
	[[ -n ${opt["in-cluster"]-} ]]
}

# check_cluster_options: those that need one another.
check_cluster_options() {
	local flag
	[[ $target == resume || -z ${opt[collect]-} ]] || bad_usage "--collect goes with --resume"
	[[ -z ${opt[collect]-} || -z ${opt[retry]-} ]] || bad_usage "--collect sends nothing: leave --retry out"
	[[ $target != resume ]] || return 0
	[[ -n ${opt["dry-run"]-} || -z ${opt[manifests]-} ]] || bad_usage "--manifests goes with --dry-run"
	for flag in manifests pods pvc harness-namespace load-image load-timeout debug-pods; do
		in_cluster || [[ -z ${opt[$flag]-} ]] || bad_usage "--$flag goes with --in-cluster"
	done
	in_cluster || return 0
	[[ $target != engine ]] || bad_usage "--in-cluster: pods reach no engine that is started here: give --service NAME or --url URL"
	[[ -z ${opt[kubeconfig]-} || -r ${opt[kubeconfig]} ]] || die 2 "--kubeconfig ${opt[kubeconfig]}: cannot be read"
	set_load_options
}

# set_load_options: their defaults.
set_load_options() {
	local pods=${opt[pods]-1} limit=${opt["load-timeout"]-1h}
	whole pods "$pods" 1
	opt[pods]=$whole
	((whole <= 64)) || bad_usage "--pods: $pods: at most 64"
	seconds load-timeout "$limit"
	opt["load-timeout"]=${seconds%.*}
}
