# shellcheck shell=bash
# inventory: what there is of a stack in a cluster, found by its labels and by nothing else, and what is beside it.

# shellcheck disable=SC2034,SC2154 # maybe is read by remove; cfg and stack_id are settings' and stack's, answer is kube's

# shellcheck source=scripts/lib/stack.sh
. "${BASH_SOURCE[0]%/*}/stack.sh"

# What we make, controllers first: what they watch over is not made again.  Pods last.
own_kinds=deployments,statefulsets,jobs,replicasets,services,routes,httproutes,ingresses,configmaps,secrets,serviceaccounts,roles,rolebindings
COLUMNS_OF='jsonpath={range .items[*]}{.apiVersion}|{.kind}|{.metadata.name}|{.metadata.labels.tokpipe/run}|'
COLUMNS_OF+='{.metadata.deletionTimestamp}|{.metadata.finalizers}|{.spec.resources.requests.storage}{"\n"}{end}'
monitoring=configmaps # what there can be of a stack in openshift-monitoring

kinds=''     # those of ours and of LLMDBENCH_CONTROL_RESOURCE_LIST that the cluster knows, and volume claims
all_kinds='' # whatever can be in a namespace and be removed
places=()    # namespaces
found=()     # NAMESPACE|KIND.GROUP|NAME|RUN|DELETED SINCE|FINALIZERS|SIZE of all but the record and the volumes
volumes=()   # the same of volume claims
record=''    # the stack's record, as JSON
unseen=()    # what could not be looked for
maybe=''     # the same, where hardly anybody may look, and hardly ever something is

selector_of_stack() {
	printf 'app.kubernetes.io/managed-by=tokpipe,tokpipe/stack=%s\n' "$stack_id"
}

# know_kinds: sets kinds and all_kinds.  An aggregated API that is down makes this fail; what was told counts.
know_kinds() {
	local wanted=$own_kinds,${cfg[CONTROL_RESOURCE_LIST]},pods,persistentvolumeclaims
	attempt "${kubectl[@]}" --request-timeout=10s api-resources --namespaced --verbs=list,delete --no-headers </dev/null ||
		[[ -n $answer ]] || refused "kubectl api-resources"
	all_kinds=$(awk '{ group = $(NF - 2); print $1 (sub("/.*", "", group) ? "." group : "") }' <<<"$answer" | paste -sd ,)
	kinds=$(awk -v wanted="${wanted,,}" '
		{
			group = $(NF - 2)
			full = $1 (sub("/.*", "", group) ? "." group : "")
			words = $1 "," full "," tolower($NF) (NF == 5 ? "," $2 : "")
			for (n = split(words, word, ","); n > 0; n--) names[word[n]] = names[word[n]] " " full
		}
		END {
			for (n = split(wanted, want, ","); i++ < n;)
				for (m = split(names[want[i]], one, " "); m > 0; m--)
					if (!seen[one[m]]++ && one[m] !~ /^events/) print one[m]
		}' <<<"$answer" | paste -sd ,)
}

# know_record: sets record, and places to the namespaces of the stack.
know_record() {
	local more
	places=("$namespace")
	record=''
	! kube_read get configmap "tokpipe-stack-$stack_id" -n "$namespace" -o json || record=$answer
	more=$(jq -r '.data.stack | fromjson? | .harness_namespace // ""' <<<"${record:-null}")
	for more in "$harness_namespace" "$more"; do
		[[ -z $more || " ${places[*]} " == *" $more "* ]] || places+=("$more")
	done
}

# look_for_objects: sets found, volumes and unseen.  Where it fails, found and volumes are still what was seen last.
look_for_objects() {
	local place objects=() claims=()
	unseen=() maybe=''
	for place in "${places[@]}"; do
		look_in "$place" kinds
	done
	[[ ,$all_kinds, != *,routes.route.openshift.io,* ]] || look_in openshift-monitoring monitoring
	found=("${objects[@]}") volumes=("${claims[@]}")
}

# try_all NAMESPACE VARIABLE OPTION…: try to list all of the kinds that are its value.  One that went since know_kinds, with
# its definition, has none of any kind listed: then they are learnt anew.
try_all() {
	local status tries=3
	while :; do
		status=0
		try get "${!2}" -n "$1" -o "$COLUMNS_OF" "${@:3}" || status=$?
		((status == 1 && --tries)) || return "$status"
		know_kinds
	done
}

# look_in NAMESPACE VARIABLE: for look_for_objects, into objects and claims.
look_in() {
	local status=0 line version kind rest resource
	try_all "$1" "$2" -l "$(selector_of_stack)" || status=$?
	((status != 1)) || refused "kubectl get in namespace $1"
	while IFS='|' read -r version kind rest; do
		[[ -n $kind && $rest != "tokpipe-stack-$stack_id|"* ]] || continue
		line="$1|${kind,,}$([[ $version != */* ]] || printf '.%s' "${version%/*}")|$rest"
		case $kind in
		PersistentVolumeClaim) claims+=("$line") ;;
		*) objects+=("$line") ;;
		esac
	done <<<"$answer"
	((status == 2)) || return 0
	while read -r resource; do
		note_unseen "$1" "$resource"
	done < <(sed -n 's/.*cannot list resource "\([^"]*\)".*/\1/p' <<<"$complaint")
}

# note_unseen NAMESPACE RESOURCE: of a kind that a standup or a run always makes that matters, and with --deep of volumes.
# The monitoring of OpenShift is its administrators': a setting that one of them made there is theirs to remove.
note_unseen() {
	case $1/$2 in
	openshift-monitoring/*) maybe="$2 in namespace $1" ;;
	*/deployments | */jobs | */pods | */services | */configmaps | */secrets | */serviceaccounts)
		unseen+=("$2 in namespace $1")
		;;
	*/persistentvolumeclaims)
		if [[ ${cfg[CONTROL_DEEP_CLEANING]} == 1 ]]; then
			unseen+=("$2 in namespace $1")
		fi
		;;
	*) debug "$2 in namespace $1: you may not list them" ;;
	esac
}

# words_of LINE: KIND NAMESPACE/NAME and what is to be known of it.
words_of() {
	local place kind name run gone held size
	IFS='|' read -r place kind name run gone held size <<<"$1"
	printf '%s %s/%s%s%s\n' "${kind%%.*}" "$place" "$name" "${size:+ ($size)}" "${run:+ (of run $run)}"
	: "$gone$held"
}

# stuck_words LINE: why it is still there, where that can be seen.
stuck_words() {
	local gone held
	IFS='|' read -r _ _ _ _ gone held _ <<<"$1"
	[[ -z $gone ]] || printf ', which goes since %s%s\n' "$gone" "${held:+ and is held by $held}"
}

# is_ours NAMESPACE: was it made for this stack?  Status 2: it may not be looked at.
is_ours() {
	local status=0
	try get namespace "$1" -o 'jsonpath={.metadata.labels.app\.kubernetes\.io/managed-by}|{.metadata.labels.tokpipe/stack}' || status=$?
	((status == 0)) || return "$status"
	[[ $answer == "tokpipe|$stack_id" ]]
}

# others_in NAMESPACE: sets others to what is in it that no namespace has by itself; status 1 when not all of it may be seen.
others_in() {
	local status=0 line version kind name
	others=()
	try_all "$1" all_kinds || status=$?
	while IFS='|' read -r version kind name line; do
		: "$version$line"
		case $kind/$name in
		/ | Event/* | Endpoints/* | EndpointSlice/* | PodMetrics/*) ;;
		ConfigMap/kube-root-ca.crt | ConfigMap/openshift-service-ca.crt | ConfigMap/odh-trusted-ca-bundle | ConfigMap/istio-ca-root-cert) ;;
		ServiceAccount/default | ServiceAccount/builder | ServiceAccount/deployer | RoleBinding/system:*) ;;
		Secret/default-token-* | Secret/*-dockercfg-*) ;;
		*) others+=("${kind,,} $name") ;;
		esac
	done <<<"$answer"
	((status == 0))
}
