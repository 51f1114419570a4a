# shellcheck shell=bash
# trouble: the four things that usually go wrong, in the same words everywhere: what, which
# object, why, and what helps.  Each ends the script.  Needs log.

# trouble STATUS WHAT OBJECT REASON HELP…
trouble() {
	local status=$1 line
	error "$2: $3: $4"
	shift 4
	for line; do
		error "  $line"
	done
	exit "$status"
}

# not_ready OBJECT REASON NAMESPACE
not_ready() {
	trouble 3 "Service not ready" "$1" "$2" \
		"Wait for InferenceService to be ready" "Check: kubectl get isvc -n $3"
}

# denied OBJECT REASON: the cluster said no.
denied() {
	trouble 3 "Permission denied" "$1" "$2" "Verify RBAC permissions" "Check ServiceAccount configuration"
}

# key_refused OBJECT REASON: the server said no.
key_refused() {
	trouble 3 "Permission denied" "$1" "$2" "Verify the API key (--api-key-env NAME or --api-key-file FILE)"
}

# no_memory OBJECT REASON
no_memory() {
	trouble 4 "Out of memory" "$1" "$2" "Reduce gpu_memory_utilization" "Increase resource limits"
}

# no_connection OBJECT REASON
no_connection() {
	trouble 3 "Connection timeout" "$1" "$2" "Check network connectivity" "Verify service endpoints"
}
