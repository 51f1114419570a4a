#!/usr/bin/env bats
# bench.sh --in-cluster, what of it needs no cluster: its flags, and the plan of a dry run.

load lib/common

plan() {
	run --separate-stderr env KUBECONFIG=/nonexistent "$TOP/bench.sh" --dry-run --namespace ns --service e "$@"
}

# object NAME: that manifest of the plan.
object() {
	sed -n "/^$1:\$/,/^}/p" <<<"$output" | sed 1d
}

@test "a dry run shows the objects of the load and what each pod runs, and asks no cluster" {
	plan --in-cluster --pods 3 --concurrency 6 --requests 60 --harness-namespace there --pvc mine --load-image reg/img:1 --load-timeout 10m
	is 0 'each pod (INDEX from 0) runs:' '/in/load.sh 3 tokpipe-load-XXXXXXXX:7077 MODEL 1 ' ' -c 6 '
	object load_job | jq -e '.spec | .completions == 3 and .parallelism == 3 and .completionMode == "Indexed" and .activeDeadlineSeconds == 600
		and (.template.spec | .restartPolicy == "Never" and .automountServiceAccountToken == false and .securityContext.runAsNonRoot
			and .containers[0].image == "reg/img:1" and .containers[0].securityContext.readOnlyRootFilesystem
			and .containers[0].securityContext.capabilities.drop == ["ALL"] and .volumes[0].persistentVolumeClaim.claimName == "mine")'
	object load_job | jq -e '.metadata | .namespace == "there" and .labels["app.kubernetes.io/managed-by"] == "tokpipe" and .labels["tokpipe/run"] == .name'
	# a pod that dies is replaced, also of one that had to go; where another could do no better, the Job ends
	object load_job | jq -e '.spec | .backoffLimit == 12 and .podReplacementPolicy == "Failed" and (.podFailurePolicy.rules
		| map(select(.action == "FailJob").onExitCodes.values) == [[2, 4]] and map(select(.action == "Ignore").onPodConditions[].type) == ["DisruptionTarget"])'
	object load_service | jq -e '.spec.selector["batch.kubernetes.io/job-completion-index"] == "0"'
	object load_claim | jq -e '.metadata.name == "mine" and (.metadata.labels | has("tokpipe/run") | not)'
	object data_pod | jq -e .spec
	[ ! -e runs ]
}

@test "an API key comes from a secret, under the name that pods know" {
	KEY=sesame plan --in-cluster --pods 1 --api-key-env KEY
	is 0 '--api-key-env TOKPIPE_API_KEY'
	[[ $output != *sesame* ]]
	object load_job | jq -e '.spec.template.spec.containers[0].env | map(select(.name == "TOKPIPE_API_KEY"))[0].valueFrom.secretKeyRef.key == "key"'
}

@test "what cannot be is refused in words" {
	plan --pods 2
	is 2 '--pods goes with --in-cluster'
	plan --collect
	is 2 '--collect goes with --resume'
	plan --in-cluster --pods 65
	is 2 '--pods: 65: at most 64'
	plan --in-cluster --pods 8 -j 9 --concurrency 100
	is 2 '--pods 8 with --processes: 9: at most 64 processes in all'
	plan --in-cluster --pods 7 --concurrency 6
	is 2 'more than --concurrency 6: each needs a share of it'
	plan --in-cluster --load-timeout soon
	is 2 '--load-timeout: soon: expected a time'
	run --separate-stderr "$TOP/bench.sh" --dry-run --local --in-cluster
	is 2 '--in-cluster: pods reach no engine that is started here'
	run --separate-stderr "$TOP/bench.sh" --dry-run --in-cluster
	is 2 'which server?'
}
