# shellcheck shell=bash
# context: which cluster is meant.  It is chosen once and said to every kubectl after that, so that a use-context in
# another terminal changes nothing.  Needs the settings and the work directory.

# shellcheck disable=SC2034 # cluster_uid is the stack's

# shellcheck source=scripts/lib/settings.sh
. "${BASH_SOURCE[0]%/*}/settings.sh"

kubectl=()     # the command and what chooses the cluster
context=''     # its name; empty for a cluster that was given by its URL
server=''      # the URL of its API server
cluster_uid='' # which no other cluster has

# choose_context: sets kubectl, context, server and cluster_uid.  Under --dry-run no cluster is asked.
choose_context() {
	! $dry_run || return 0
	type -P "${cfg[CONTROL_KCMD]}" >/dev/null ||
		die 3 "${cfg[CONTROL_KCMD]}: not installed: install it, or use --dry-run, which needs no cluster"
	case ${cfg[CLUSTER_URL]} in
	'' | auto) current_context ;;
	*) context_of_url ;;
	esac
	learn_cluster_uid
	debug "cluster $server${context:+ (context $context)}"
}

# current_context: the one that the kubeconfig names.
current_context() {
	local kcmd=${cfg[CONTROL_KCMD]}
	[[ -z ${LLMDBENCH_CLUSTER_TOKEN-} ]] ||
		info "LLMDBENCH_CLUSTER_TOKEN has no effect without LLMDBENCH_CLUSTER_URL: the kubeconfig has its own credentials"
	if ! context=$("$kcmd" config current-context 2>/dev/null); then
		why_no_context
		die 3 "no cluster: $why:" \
			"choose one with kubectl config use-context, or set LLMDBENCH_CLUSTER_URL and LLMDBENCH_CLUSTER_TOKEN"
	fi
	kubectl=("$kcmd" --context "$context")
	server=$("${kubectl[@]}" config view --minify -o 'jsonpath={.clusters[0].cluster.server}' 2>/dev/null) ||
		die 2 "context $context: the kubeconfig has none of that name: choose one with kubectl config use-context"
}

# why_no_context: sets why to what is wrong with the kubeconfig.
why_no_context() {
	local file=${KUBECONFIG:-${HOME-~}/.kube/config}
	why=$("${cfg[CONTROL_KCMD]}" config current-context 2>&1 >/dev/null) || true
	why=${why##*$'\n'}
	case $why in
	*'not set'* | '')
		[[ $file == *:* || -e $file ]] || file+=", which is not there"
		why="the kubeconfig ($file) names no current context"
		;;
	*) why="kubeconfig $file: ${why#error: }" ;;
	esac
}

# context_of_url: a kubeconfig of our own for LLMDBENCH_CLUSTER_URL, which only its owner can read.
context_of_url() {
	local file=$work/environment/kubeconfig ca=''
	server=${cfg[CLUSTER_URL]}
	[[ -n ${LLMDBENCH_CLUSTER_TOKEN-} ]] ||
		die 2 "LLMDBENCH_CLUSTER_TOKEN: not set: a cluster that is given by LLMDBENCH_CLUSTER_URL needs it"
	if [[ -n ${cfg[CLUSTER_CA]-} ]]; then
		ca=$(base64 -w 0 -- "${cfg[CLUSTER_CA]}") || die 2 "LLMDBENCH_CLUSTER_CA: ${cfg[CLUSTER_CA]}: cannot be read"
	fi
	(
		umask 077
		rm -f "$file"
		jq -n --arg server "$server" --arg ca "$ca" -f "$top/scripts/lib/kubeconfig.jq" >"$file"
	) || die 4 "$file: cannot be written"
	kubectl=("${cfg[CONTROL_KCMD]}" --kubeconfig "$file")
}

# use_context: the same cluster again, in a script that is called by the one that chose it.
use_context() {
	! $dry_run || return 0
	kubectl=("${cfg[CONTROL_KCMD]}" --context "$context")
	[[ -n $context ]] || kubectl=("${cfg[CONTROL_KCMD]}" --kubeconfig "$work/environment/kubeconfig")
}

# learn_cluster_uid: that of the namespace which every cluster has; where it may not be read, what its address tells.
learn_cluster_uid() {
	local status=0 patience=3 # nobody has answered yet: the address may be wrong
	try get namespace kube-system -o 'jsonpath={.metadata.uid}' || status=$?
	cluster_uid=$answer
	if ((status != 0)); then
		cluster_uid=$({
			printf '%s\n' "$server"
			"${kubectl[@]}" config view --minify --raw -o 'jsonpath={.clusters[0].cluster.certificate-authority-data}'
		} | sha256sum | cut -c 1-36)
	fi
}
