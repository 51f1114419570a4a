#!/usr/bin/env bats
# Experiments on a real cluster: each treatment of the stack is stood up, measured and taken down, each of the load is a
# run of its own, and one that fails does not take the others with it.

# shellcheck disable=SC2034 # leaves is cluster's

load stack

@test "treatments of the stack and of the load: a directory for each; one that fails, and the others go on" {
	scenario sim
	sed -i /CONTROL_WORK_DIR/d sim.sh
	cat >e.yaml <<-EOF
		setup:
		  factors: [LLMDBENCH_VLLM_STANDALONE_IMAGE_NAME, LLMDBENCH_VLLM_COMMON_MAX_MODEL_LEN]
		  treatments: {none: "no-such-sim,512", small: "tokpipe-sim,512"}
		run:
		  factors: [output_len, rate, duration_seconds]
		  treatments: {much: "600,10,1", little: "20,10,1"}
	EOF
	export LLMDBENCH_CONTROL_WORK_DIR=$PWD/w LLMDBENCH_RUN_EXPERIMENT_ID=7
	run --separate-stderr "$TOP/e2e.sh" -c ./sim.sh -p "$NS" -e e.yaml --local-load
	is 3 'treatment none: exit statuses: standup 3, teardown 0' 'treatment small: exit statuses: standup 0, run 3, teardown 0' \
		'_much: failed (exit status 3)' '_little: finished'
	leaves=false
	same '' "$(objects "$NS")"
	# the stack was what the treatment says, and so was the load
	jq -e '.spec.template.spec.containers[0].args | tostring | test("--max-model-len 512")' w/treatment_small/setup/yamls/06_a_deployment_*
	grep -q no-such-sim w/treatment_none/setup/yamls/06_a_deployment_*
	[ ! -e w/treatment_none/results/tokpipe_7_standalone-facebook-opt-125m_little ]
	same '20 10' "$(jq -r '"\(.tokens.output / .requests.ok) \(.requests.ok)"' w/treatment_small/results/*_little/*/runsum.json)"
	# in the order of the file
	[[ $(jq -r .started w/treatment_small/results/*_much/*/run.json) < $(jq -r .started w/treatment_small/results/*_little/*/run.json) ]]
	[ -s w/treatment_small/analysis/tokpipe_7_standalone-facebook-opt-125m_little/report.html ]
}
