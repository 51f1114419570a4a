# shellcheck shell=bash
# features: what becomes of a profile's vllm_features: arguments of an engine that is started here;
# of a server that was there, compared with what it reports.  Sets engine_args and features.

# shellcheck source=scripts/lib/target.sh
. "${BASH_SOURCE[0]%/*}/target.sh"

features='[]'

# judge_features KNOWN METRICS: features.jq's answer, on stdout.
judge_features() {
	jq -c -f "$top/scripts/lib/features.jq" --argjson known "$1" --arg metrics "$2" --argjson models "$models" \
		"$run_dir/workload.json"
}

# engine_arguments NAME: what the engine is told: the features that it knows, then --engine-arg.
engine_arguments() {
	local command=("$top/setup/engines/$1.sh" options) known judged
	! $assume_yes || command+=(--yes)
	known=$("${command[@]}" | jq -cR -n '[inputs]')
	judged=$(judge_features "$known" '')
	features=$(jq -c .features <<<"$judged")
	mapfile -t engine_args < <(jq -r '.args[]' <<<"$judged")
	[[ -z ${opt["engine-arg"]-} ]] || mapfile -t -O "${#engine_args[@]}" engine_args <<<"${opt["engine-arg"]}"
}

# server_features: what the server says of itself, beside what the profile asks.
server_features() {
	local metrics='' trust=()
	if jq -e '.vllm_features // {} | length > 0' "$run_dir/workload.json" >/dev/null; then
		[[ -z ${opt[insecure]-} ]] || trust+=(--insecure)
		[[ -z ${opt[cacert]-} ]] || trust+=(--cacert "${opt[cacert]}")
		metrics=$(curl -fsS --connect-timeout 10 --max-time 20 "${trust[@]}" -H @<(auth_header) "$url/metrics" 2>/dev/null |
			grep '^vllm:cache_config_info{' || true)
	fi
	# shellcheck disable=SC2034 # for measure.sh
	features=$(judge_features null "$metrics" | jq -c .features)
}

# warn_features: what was asked of the server and is not so.
warn_features() {
	local keys line
	keys=$(from_run '[.features[] | select(.state == "not applied").key] | join(", ")')
	[[ -z $keys ]] || warn "vllm_features: not applied to this server: $keys"
	while IFS= read -r line; do
		[[ -z $line ]] || warn "vllm_features.$line"
	done < <(from_run '.features[] | select(.state == "differs") | "\(.key): asked for \(.value), the server has \(.reported)"')
}
