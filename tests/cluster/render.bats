#!/usr/bin/env bats
# What a dry run renders passes the validation of a real API server, strictly: of every example scenario, of every
# file in the forms that people have, and with values that are hard to write.  Nothing is made.
load cluster

# The definitions that a plain cluster does not have: Gateway API's own, and a Route's by its documentation.
setup_file() {
	local crds file
	crds=$(dirname "$(readlink -f "$(command -v kubectl)")")/../crds
	for file in "$crds"/*httproutes*.yaml; do
		kubectl apply --server-side -f "$file"
	done
	jq -n -f "$BATS_TEST_DIRNAME/route_schema.jq" | kubectl apply --server-side -f -
	for file in httproutes.gateway.networking.k8s.io routes.route.tokpipe.test; do
		defined "$file"
	done
}

# defined CRD: wait until it is served; right after it was made its conditions are not there yet.
defined() {
	local turn
	for turn in $(seq 100); do
		echo "turn $turn"
		! kubectl wait --for=condition=Established --timeout=10s "crd/$1" >/dev/null 2>&1 || return 0
		sleep 0.2
	done
	return 1
}

# rendered SCENARIO NAME=VALUE…: a dry run of it for the test's namespace, into w.
rendered() {
	rm -rf w
	run --separate-stderr env HOME="$PWD" "${@:2}" LLMDBENCH_CONTROL_WORK_DIR="$PWD/w" LLMDBENCH_VLLM_STANDALONE_HTTPROUTE=1 \
		"$TOP/setup/standup.sh" -c "$1" -t standalone -p "$NS" --dry-run
	is 0
	yamls=$(sed -n 's/.*what would have been is in \(.*\): setup.yamls.*/\1/p' <<<"$stderr")/setup/yamls
}

# accepted: all files of the last dry run, by the server.
accepted() {
	local file
	rm -rf asked
	mkdir asked
	for file in "$yamls"/*.yaml; do
		jq 'if .kind == "Route" then .apiVersion = "route.tokpipe.test/v1" else . end' "$file" >"asked/$(basename "$file" .yaml).json"
	done
	run --separate-stderr kubectl apply --server-side --validate=strict --dry-run=server --field-manager=tokpipe -f asked
	is 0
	[ "$(grep -c 'serverside-applied (server dry run)' <<<"$output")" = "$(find asked -type f | wc -l)" ]
	[ "$(find asked -type f | wc -l)" -ge 7 ]
	find asked -name '06_c_httproute_*' | grep .
	find asked -name '06_d_route_*' | grep .
}

@test "render: every example scenario passes the server's validation" {
	local file
	for file in "$TOP"/scenarios/*.sh; do
		echo "# $file"
		rendered "$file"
		accepted
	done
}

@test "render: every file in the forms that people have does, too" {
	local file
	for file in "$TOP"/tests/data/stack/old/*; do
		echo "# $file"
		rendered "$file"
		accepted
	done
}

@test "render: values that are hard to write pass as they are, and come back from the server so" {
	local value big
	printf -v big '%65536s' 'x'
	for value in "a\"b'c" $'two\nlines\n' 'key: value # no comment' '🦊 ünï' '- item' '$(HF_HOME) $$ `id`' "$big"; do
		rendered kind_sim LLMDBENCH_VLLM_STANDALONE_VLLM_LOGGING_LEVEL="$value" LLMDBENCH_VLLM_STANDALONE_PREPROCESS="$value" \
			LLMDBENCH_VLLM_COMMON_ANNOTATIONS="$(jq -n -c --arg v "$value" '{"a/b": $v}')"
		accepted
		kubectl apply --server-side --dry-run=server --field-manager=tokpipe -f "$yamls"/06_a_deployment_* -o json >answer.json
		jq -e --arg v "$value" '.spec.template.metadata.annotations["a/b"] == $v' answer.json
		same "$(jq -c '.spec.template.spec.containers[0] | [.args, .env]' "$yamls"/06_a_deployment_*)" \
			"$(jq -c '.spec.template.spec.containers[0] | [.args, .env]' answer.json)"
	done
}

@test "render: the server refuses what is wrong, so the tests above can fail" {
	rendered kind_sim
	jq '.spec.template.spec.containers[0].port = 1' "$yamls"/06_a_deployment_* >one.json
	run --separate-stderr kubectl apply --server-side --validate=strict --dry-run=server --field-manager=tokpipe -f one.json
	is 1 'field not declared in schema'
	jq '.apiVersion = "route.tokpipe.test/v1" | .spec.to.kind = "Pod"' "$yamls"/06_d_route_* >one.json
	run --separate-stderr kubectl apply --server-side --validate=strict --dry-run=server --field-manager=tokpipe -f one.json
	is 1 'Unsupported value: "Pod"'
}
