#!/usr/bin/env bats
# A stack on a real cluster: what is made, what carries our labels, what is left alone, and who may work at it.

load stack

@test "a stack is up: Deployment, Service, pods that serve; its record; a second standup changes nothing" {
	local before name
	scenario up
	standup up
	is 0 'model facebook/opt-125m: 1 pods and the Service' 'remove it with: setup/teardown.sh'
	name=$(jq -r '.models[0].name' work-up/environment/stack.json)
	same 'up []' "$(state)"
	same 1 "$(kubectl get deployment "$name" -n "$NS" -o 'jsonpath={.status.readyReplicas}')"
	for object in "deployment/$name" "service/$name" "configmap/tokpipe-stack-$(jq -r .id work-up/environment/stack.json)" \
		serviceaccount/tokpipe-runner persistentvolumeclaim/workload-pvc "namespace/$NS"; do
		same "tokpipe $(jq -r .id work-up/environment/stack.json)" "$(kubectl get "$object" -n "$NS" -o json |
			jq -r '.metadata.labels | "\(.["app.kubernetes.io/managed-by"]) \(.["tokpipe/stack"])"')"
	done
	[ -s "work-up/setup/logs/$(kubectl get pods -n "$NS" -o 'jsonpath={.items[0].metadata.name}').log" ]
	[ "$(ls state/tokpipe/stacks/*.json)" ]
	before=$(kubectl get "deployment/$name" "service/$name" serviceaccount/tokpipe-runner -n "$NS" -o json |
		jq -c '[.items[].metadata | .generation, .uid]')
	standup up
	is 0
	same "$before" "$(kubectl get "deployment/$name" "service/$name" serviceaccount/tokpipe-runner -n "$NS" -o json |
		jq -c '[.items[].metadata | .generation, .uid]')"
}

@test "what is there already is used, not labelled; a Deployment of that name is nobody else's to overwrite" {
	local name version
	kubectl create namespace "$NS"
	kubectl create serviceaccount tokpipe-runner -n "$NS"
	version=$(kubectl get serviceaccount tokpipe-runner -n "$NS" -o 'jsonpath={.metadata.resourceVersion}')
	scenario there
	standup there -s 4,5
	is 0 "serviceaccount $NS/tokpipe-runner: there already: used as it is" "namespace $NS: there already"
	same "$version" "$(kubectl get serviceaccount tokpipe-runner -n "$NS" -o 'jsonpath={.metadata.resourceVersion}')"
	same '' "$(kubectl get namespace "$NS" -o 'jsonpath={.metadata.labels.tokpipe/stack}')"
	name=$(jq -r '.models[0].name' work-there/environment/stack.json)
	kubectl create deployment "$name" --image=localhost/nothing:1 --replicas=0 -n "$NS"
	standup there -s 6
	is 2 "deployment $NS/$name: made by somebody else" LLMDBENCH_CONTROL_STACK
	same localhost/nothing:1 "$(kubectl get deployment "$name" -n "$NS" -o 'jsonpath={.spec.template.spec.containers[0].image}')"
}

@test "a step alone needs what the steps before it make; each model is asked" {
	scenario two
	standup two -s 6
	is 2 "namespace $NS: not there: step 04 makes it"
	standup two -s 4
	is 0
	standup two -m facebook/opt-125m,Qwen/Qwen3-0.6B:small -s 6,10
	is 0 'model facebook/opt-125m: 1 pods' 'model small: 1 pods'
	same 2 "$(kubectl get deployments -n "$NS" -o name | wc -l)"
}

@test "each step knows whether it is done; down removes what up made, and twice does no harm" {
	local step steps=$TOP/setup/steps
	scenario steps
	standup steps
	is 0
	for step in 04 05 06 10; do
		run "$steps/$step"-*.sh check work-steps
		is 0
	done
	for step in 06 05 04; do
		for _ in 1 2; do
			run --separate-stderr "$steps/$step"-*.sh down work-steps
			is 0
		done
		run --separate-stderr "$steps/$step"-*.sh check work-steps
		case $step in
		05) is 0 ;; # the volume of the results stays
		*) is 1 ;;
		esac
	done
	same "configmap/tokpipe-stack-$(jq -r .id work-steps/environment/stack.json)" "$(objects "$NS" | grep -v '^pod/')"
	run --separate-stderr "$steps/06-deploy_vllm_standalone_models.sh" up work-steps
	is 3 'Service not ready: pod ' 'configmap "llm-d-benchmark-preprocesses-' # that of step 04 is gone
}

@test "another model than the one that was asked for: the smoke test says which" {
	scenario wrong "VLLM_STANDALONE_ARGS='vllm serve other --port 8000'"
	standup wrong
	is 3 'Service not ready: pod ' 'it serves other, not facebook/opt-125m'
}

@test "two standups in one moment: one does it, the other one names it" {
	local first second
	scenario both
	sed 's/work-both/work-both2/' both.sh >second.sh
	mkdir second
	mv second.sh second/both.sh
	"$TOP/setup/standup.sh" -c ./both.sh -p "$NS" 2>one.log 3>&- &
	first=$!
	"$TOP/setup/standup.sh" -c ./second/both.sh -p "$NS" 2>two.log 3>&- &
	second=$!
	wait "$first" && first=0 || first=$?
	wait "$second" && second=0 || second=$?
	cat one.log two.log
	same '0 4' "$(printf '%s\n' "$first" "$second" | sort | paste -sd ' ')"
	grep -q 'Stack in use: .*another standup is under way since .*process [0-9]' one.log two.log
	same 1 "$(kubectl get deployments -n "$NS" -o name | wc -l)"
	same 'up []' "$(state)"
}

# gone LEADER: nothing of its session is there.
gone() {
	! pgrep -g "$1" >/dev/null
}

# begin_standup: the standup of long.sh begins, in a session of its own; sets leader.
begin_standup() {
	setsid env --default-signal=INT "$TOP/setup/standup.sh" -c ./long.sh -p "$NS" 2>log 3>&- &
	leader=$!
}

@test "Ctrl-C at any step: 130, nobody holds the stack, everything carries its label; the next one goes on" {
	local step leader status
	scenario long
	for step in 04 05 06; do
		begin_standup
		wait_for 60 grep -qs "step $step: " log
		kill -INT -- "-$leader"
		wait "$leader" && status=0 || status=$?
		cat log
		[ "$status" -eq 130 ]
		same 'standing-up []' "$(state)"
		wait_for 5 gone "$leader" || ps -o pid,args -g "$leader"
		gone "$leader"
		same '' "$(kubectl get deployments,services,jobs,secrets -n "$NS" -l '!tokpipe/stack' -o name)"
	done
	standup long
	is 0
	same 'up []' "$(state)"
}

@test "kill -9: its steps end too, and the next standup takes over" {
	local leader
	scenario long VLLM_STANDALONE_PREPROCESS='sleep\ 600'
	begin_standup
	wait_for 60 grep -qs 'waiting for deployment' log
	kill -9 "$leader"
	wait_for 15 gone "$leader"
	[[ "$(state)" == 'standing-up ['?* ]]
	scenario long
	standup long
	is 0 'ended before it was done: going on from there'
}

@test "a disk that fills up in the middle ends it, and nobody holds the stack" {
	scenario full CONTROL_WORK_DIR="$PWD/disk/work"
	mkdir disk
	# shellcheck disable=SC2016 # for the shell inside
	run --separate-stderr timeout 120 unshare --mount bash -c 'mount -t tmpfs -o size=512k tmpfs disk
		"$0" -c ./full.sh -p "$NS" 2> >(while read -r line; do
			echo "$line" >&2
			[[ $line != *"step 04: "*prepared ]] || cat /dev/zero >disk/rest
		done)' "$TOP/setup/standup.sh"
	[ "$status" -ne 0 ]
	[ "$status" -ne 124 ]
	is "$status" 'No space left on device' 'command.log: cannot be written: is the disk full?'
	same 'standing-up []' "$(state)"
}
