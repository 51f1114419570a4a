# What the tests of the manifests share: the settings of a stack, and the manifests made of them.
# shellcheck disable=SC2034,SC2154 # TOP and DATA are common's; the rest is for the tests

# An engine that is no simulator, with the defaults that the table has for it.
engine=(VLLM_STANDALONE_IMAGE_REGISTRY=docker.io VLLM_STANDALONE_IMAGE_REPO=vllm VLLM_STANDALONE_IMAGE_NAME=vllm-openai
	VLLM_STANDALONE_IMAGE_TAG=v0.10.2 VLLM_COMMON_ACCELERATOR_NR=1 VLLM_COMMON_TENSOR_PARALLELISM=1 VLLM_COMMON_AFFINITY=auto)

# stack NAME=VALUE…: the work directory w of a stack with these settings, else those of the sample.
stack() {
	mkdir -p w/environment
	jq '[$ARGS.positional[] | index("=") as $at | {key: .[:$at], value: .[$at + 1:]}] as $set
		| .values += ($set | from_entries) | .origin += ($set | map(.value = "flag") | from_entries)' \
		"$DATA/stack/settings.json" --args "$@" >w/environment/settings.json
	models "$(jq -r .values.DEPLOY_MODEL_LIST w/environment/settings.json)" >models.json || return
	jq --slurpfile models models.json '{id: "1a2b3c4d", name: "sample", namespace: .values.VLLM_COMMON_NAMESPACE,
		harness_namespace: .values.HARNESS_NAMESPACE, methods: ["standalone"], models: $models[0], context: "c",
		server: "https://c", cluster_uid: "u", scenario: "/x/sample.sh", version: "0.1.0", made_by: "me@here",
		created: "2026-01-01T00:00:00Z", work: "/w"}' w/environment/settings.json >w/environment/stack.json
}

# models LIST: the array of them.
models() {
	bash -c 'set -euo pipefail; . "$1/scripts/lib/base.sh"; . "$1/scripts/lib/models.sh"; models_json "$2"' - "$TOP" "$1"
}

# manifest PROGRAM [JQ-OPTION…]: what it makes for the stack (and for $model, its first one).
manifest() {
	# shellcheck disable=SC2016 # for that shell
	bash -c 'set -euo pipefail
		. "$1/scripts/lib/base.sh"
		. "$1/scripts/lib/render.sh"
		work=$PWD/w
		declare -A cfg=()
		while IFS= read -r -d "" name && IFS= read -r -d "" value; do
			cfg[$name]=$value
		done < <(jq -j ".values | to_entries[] | .key, \"\\u0000\", .value, \"\\u0000\"" "$work/environment/settings.json")
		manifest "${@:2}"' - "$TOP" "$@" --argjson model "$(jq -c '.models[0]' w/environment/stack.json)"
}
