# shellcheck shell=bash
# apply: how objects get into the cluster: as documents that were rendered, field by field (server-side), and never over
# what somebody else made.  Needs kube, render and stack_id.

# shellcheck disable=SC2154 # stack_id is stack's, owner and answer are kube's

# shellcheck source=scripts/lib/kube.sh
. "${BASH_SOURCE[0]%/*}/kube.sh"
# shellcheck source=scripts/lib/render.sh
. "${BASH_SOURCE[0]%/*}/render.sh"

# shared KIND: may an object of this kind that somebody else made be used as it is?
shared() {
	[[ $1 == Namespace || $1 == PersistentVolumeClaim || $1 == Secret || $1 == ServiceAccount ]]
}

# owner_of KIND NAME NAMESPACE: sets owner to the id of the stack that made it, to "nobody" or, when it is not there, to
# "".  Of a Secret nothing else is read.
owner_of() {
	local where=() gone status=0
	[[ -z $3 ]] || where=(-n "$3")
	owner=''
	try get "$1" "$2" "${where[@]}" -o 'jsonpath={.metadata.deletionTimestamp}{"\n"}{.metadata.labels}' || status=$?
	case $status in
	1) return ;;
	2) # who works in one namespace need not be able to look at it from outside
		[[ $1 == Namespace ]] || refused "kubectl get $1 $2"
		owner=nobody
		return
		;;
	esac
	gone=${answer%%$'\n'*}
	[[ -z $gone ]] || die 3 "${1,,} ${3:+$3/}$2: is being deleted since $gone: wait until it is gone, then try again"
	owner=$(sed 1d <<<"$answer" | jq -rn '[inputs][0] // {}
		| if .["app.kubernetes.io/managed-by"] == "tokpipe" then .["tokpipe/stack"] else null end // "nobody"')
}

# may_write FILE: is the object in it ours, or not there yet?  Status 1: somebody else's, which is used as it is; that
# of a kind that nobody can share ends the script.
may_write() {
	local kind name namespace
	IFS=$'\t' read -r kind name namespace < <(jq -r '[.kind, .metadata.name, .metadata.namespace // ""] | @tsv' "$1")
	owner_of "$kind" "$name" "$namespace"
	case $owner in
	'' | "$stack_id") return 0 ;;
	esac
	if shared "$kind"; then
		info "${kind,,} ${namespace:+$namespace/}$name: there already: used as it is"
		return 1
	fi
	die 2 "${kind,,} ${namespace:+$namespace/}$name: made by somebody else:" \
		"choose another namespace or LLMDBENCH_CONTROL_STACK"
}

# server_side: how objects are written: no field of ours is left to another manager, none of another's is lost.
server_side=(apply --server-side --field-manager=tokpipe --force-conflicts)

# kube_apply FILE…: write what was rendered.
kube_apply() {
	local file
	for file; do
		$dry_run || may_write "$file" || continue
		kube "${server_side[@]}" -f "$file" >/dev/null
	done
}

# kube_secret STEM PROGRAM: as kube_apply, but the value goes through a pipe alone; the file that is kept has its key.
kube_secret() {
	render "$@"
	note_command "${kubectl[@]-kubectl}" "${server_side[@]}" -f -
	! $dry_run || return 0
	may_write "$rendered" || return 0
	attempt send_secret "$2" || refused "secret"
}

send_secret() {
	manifest "$1" --arg token value | "${kubectl[@]}" --request-timeout=30s "${server_side[@]}" -f -
}
