# shellcheck shell=bash
# rules: is a workload, each of whose keys is right, right as a whole?

# shellcheck source=scripts/lib/sets.sh
. "${BASH_SOURCE[0]%/*}/sets.sh"

# gpu_memory: the GB of the smallest GPU that the engine will have, as JSON: --gpu-memory-gb,
# else this machine's, if the engine runs here.
gpu_memory() {
	local sizes
	if [[ -n ${opt["gpu-memory-gb"]-} ]]; then
		printf '%s\n' "${opt["gpu-memory-gb"]}"
	elif [[ ${target-engine} == engine && ${opt[engine]-vllm} == vllm ]] &&
		sizes=$(timeout 5 nvidia-smi --query-gpu=memory.total --format=csv,noheader,nounits 2>/dev/null); then
		jq -n '[inputs | numbers] | min | if . then . / 1024 | floor else null end' <<<"$sizes" 2>/dev/null || printf 'null\n'
	else
		printf 'null\n'
	fi
}

# check_rules FILE SAID RESOLVED: warnings on stderr; errors end the script when all are told.
check_rules() {
	local line where found bad=false
	[[ ${opt["gpu-memory-gb"]-1} =~ ^[0-9]{1,6}(\.[0-9]+)?$ ]] ||
		bad_usage "--gpu-memory-gb: ${opt["gpu-memory-gb"]}: expected a number of GB"
	where=$(yaml2json --where "${sets[@]}" "$1")
	found=$(jq -r -f "$top/scripts/lib/rules.jq" --argjson said "$2" --argjson where "$where" \
		--argjson gpu_memory_gb "$(gpu_memory)" --arg profile "$1" <<<"$3")
	while IFS= read -r line; do
		case $line in
		error\ *)
			error "${line#error }"
			bad=true
			;;
		warning\ *) warn "${line#warning }" ;;
		esac
	done <<<"$found"
	! $bad || exit 2
}
