#!/usr/bin/env bats
# What a dry run renders passes the validation of a real API server, strictly: of every example scenario, of every
# file in the forms that people have, and with values that are hard to write.  Nothing is made.
load cluster

# A Route's definition, as crds.sh has it, in a group of its own: this cluster must not look like OpenShift to the
# tests beside these.
setup_file() {
	export KUBECONFIG=$CLUSTER_DIR/kubeconfig
	PATH=$(<"$CLUSTER_DIR/bin"):$PATH
	jq '.metadata.name = "routes.route.tokpipe.test" | .spec.group = "route.tokpipe.test"' "$CLUSTER/crds/own/route.json" |
		kubectl apply --server-side -f -
	wait_for 30 kubectl get routes.route.tokpipe.test -A
}

teardown_file() {
	KUBECONFIG=$CLUSTER_DIR/kubeconfig "$(<"$CLUSTER_DIR/bin")/kubectl" delete --ignore-not-found crd/routes.route.tokpipe.test
}

# rendered SCENARIO NAME=VALUE…: a dry run of it for the test's namespace, into w.
rendered() {
	rm -rf w
	kubectl get namespace "$NS" >/dev/null 2>&1 || kubectl create namespace "$NS"
	run --separate-stderr env HOME="$PWD" "${@:2}" LLMDBENCH_CONTROL_WORK_DIR="$PWD/w" LLMDBENCH_VLLM_STANDALONE_HTTPROUTE=1 \
		"$TOP/setup/standup.sh" -c "$1" -t standalone -p "$NS" -s 4-6 --dry-run
	is 0
	yamls=$(sed -n 's/.*what would have been is in \(.*\): setup.yamls.*/\1/p' <<<"$stderr")/setup/yamls
}

# accepted: all files of the last dry run, by the server.
accepted() {
	sed -i 's,"route.openshift.io/v1","route.tokpipe.test/v1",' "$yamls"/06_d_route_*
	run --separate-stderr kubectl apply --server-side --validate=strict --dry-run=server --field-manager=tokpipe -f "$yamls"
	is 0
	[ "$(grep -c 'serverside-applied (server dry run)' <<<"$output")" = "$(find "$yamls" -type f | wc -l)" ]
	[ "$(find "$yamls" -type f | wc -l)" -ge 7 ]
	find "$yamls" -name '06_c_httproute_*' | grep .
	find "$yamls" -name '06_d_route_*' | grep .
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
	for value in "a\"b'c key: value # no comment"$'\n- item\n\t---\n🦊 ünï $(HF_HOME) $$ `id` \\ ' "$big"; do
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
