#!/usr/bin/env bats
# e2e.sh on a real cluster: what was sent is what was asked for, pods served it, the numbers are those of the records, and
# nothing of it stays; as cron calls it, and when it is interrupted.

# shellcheck disable=SC2034 # leaves is cluster's

load stack

# under_cron NAMESPACE: kind_sim, with nothing but what cron has in its environment, and the engines' truth in their logs.
under_cron() {
	mkdir -p "$1/tmp" "$1/home"
	setsid env -i HOME="$PWD/$1/home" TMPDIR="$PWD/$1/tmp" PATH="$PATH" KUBECONFIG="$KUBECONFIG" no_proxy="${no_proxy-}" \
		LLMDBENCH_VLLM_COMMON_ENVVARS_TO_YAML="$PWD/env.yaml" \
		"$TOP/e2e.sh" -c kind_sim -p "$1" --overrides rate=10,duration_seconds=6 </dev/null >"$1/out" 2>"$1/err" 3>&- &
}

# engines NAMESPACE: its pods, once both have begun.
engines() {
	pods=$(kubectl get pods -n "$1" -l app -o json |
		jq -r '[.items[] | select(any(.status.containerStatuses[]?; .started))] | select(length == 2) | .[].metadata.name')
	[ -n "$pods" ]
}

# follow NAMESPACE: the truth of each engine, to its end, into NAMESPACE/truth.POD.
follow() {
	local pod
	wait_for 120 engines "$1"
	for pod in $pods; do
		kubectl logs -f -n "$1" "$pod" >"$1/truth.$pod" 2>/dev/null 3>&- &
	done
}

# served FILE…: of the requests of sendreq, RUN and ID a line, where RUN is another one in each process.
served() {
	sed -n 's/^{"request_id":"\([0-9a-f]*\)-\([0-9]*\)".*/\1 \2/p' "$@"
}

# labelled NAMESPACE: all that is ours there.
labelled() {
	kubectl get all,cm,secret,pvc,sa,role,rolebinding -n "$1" -l app.kubernetes.io/managed-by=tokpipe -o name | sort
}

# unexplained NAMESPACE: warnings, but for a probe that came before its engine, or after it: pods that end are asked, too, and
# do not answer; and for an API server that, just begun, looks through addresses while a Service gets or loses its own.
unexplained() {
	kubectl get events -n "$1" --field-selector type=Warning -o json |
		jq -r '.items[] | select((.reason == "ClusterIPNotAllocated" or (.reason == "Unhealthy" and
			(.message | test("^(Startup probe failed|Readiness probe failed: Get )")))) | not) | "\(.reason): \(.message)"'
}

@test "two under cron in one second: all that was asked for, served by both pods, counted right; nothing stays" {
	local run one ns pids=()
	leaves=true
	printf -- '- {name: LLMSIM_ARGS, value: "--truth /dev/stdout"}\n' >env.yaml
	for ns in "$NS" "$NS-b"; do
		under_cron "$ns"
		pids+=("$!")
	done
	follow "$NS"
	for one in 0 1; do
		wait "${pids[one]}" || { cat "$NS"*/err && return 1; }
	done
	cat "$NS/err"
	grep -q 'exit statuses: standup 0, run 0, teardown 0' "$NS/err"
	# each in a work directory of its own, with the report that it names last
	same 2 "$(compgen -G "$NS*/tmp/*/results/*/*/run.json" | wc -l)"
	[ -s "$(tail -n 1 "$NS/out")" ] && [ -s "$(tail -n 1 "$NS-b/out")" ]
	run=$(dirname "$(tail -n 1 "$NS/out")")
	cd "$run"
	jq -e '.status == "finished" and .load.where == "cluster" and .load.pods == 3 and (.load.shards | length) == 3
		and all(.load.shards[]; .attempts == 1 and .error_us != null)' run.json
	# what was sent is the workload, as one process makes it
	genload -f workload.json --model facebook/opt-125m --phase measured | cmp - requests.jsonl
	# each request was served, once, by one of the two engines, and came from one of the three load pods
	wait
	served "$BATS_TEST_TMPDIR/$NS"/truth.* | sort >../served
	same "$(jq .id responses.jsonl | sort -n)" "$(cut -d ' ' -f 2 ../served | sort -n)"
	same 60 "$(wc -l <../served)"
	same 3 "$(cut -d ' ' -f 1 ../served | uniq | wc -l)"
	for one in "$BATS_TEST_TMPDIR/$NS"/truth.*; do
		[ "$(served "$one" | wc -l)" -gt 0 ]
	done
	# the results, from the records in another order
	sort -R --random-source=run.json responses.jsonl | tokstat >../metrics
	pctl -q -p 50,90,95,99 ttft_ms ttfo_ms ttfb_ms itl_ms tpot_ms e2e_ms e2e_done_ms send_lag_ms ttft_sent_ms e2e_sent_ms \
		input_tokens output_tokens <../metrics | cmp - summary.jsonl
	runsum --summary summary.jsonl --progress progress.jsonl ../metrics | cmp - runsum.json
	jq -e '.requests.ok == 60' runsum.json
	# in the cluster only the volume is left, and that goes with --deep
	for ns in "$NS" "$NS-b"; do
		same persistentvolumeclaim/workload-pvc "$(labelled "$ns")"
		same '' "$(unexplained "$ns")"
	done
	run --separate-stderr "$TOP/setup/teardown.sh" -c kind_sim -p "$NS-b" --deep
	is 0
	run ! kubectl get namespace "$NS-b"
	run --separate-stderr env LLMDBENCH_VLLM_COMMON_NAMESPACE= "$TOP/setup/teardown.sh" -c kind_sim -p "$NS" --deep
	is 0
	same '' "$(kubectl get all,cm,secret,pvc,sa,role,rolebinding -A -l app.kubernetes.io/managed-by=tokpipe -o name --field-selector "metadata.namespace=$NS")"
}

# begin NAMESPACE: kind_sim with a load of a minute, in a session of its own; sets leader.
begin() {
	mkdir -p "$1"
	LLMDBENCH_CONTROL_WORK_DIR=$PWD/$1/w setsid env --default-signal=INT "$TOP/e2e.sh" -c kind_sim -p "$1" \
		--overrides rate=5,duration_seconds=60 </dev/null >"$1/out" 2>"$1/err" 3>&- &
	leader=$!
}

under_way() {
	grep -qs '^tokview: .*in flight' "$1/err"
}

@test "Ctrl-C during the run: the load ends, its records are there, the stack goes; a second one leaves it and says how it goes" {
	local command first leader status
	leaves=true
	begin "$NS"
	first=$leader
	begin "$NS-b"
	wait_for 120 under_way "$NS"
	wait_for 120 under_way "$NS-b"
	kill -INT "$first" "$leader"
	wait_for 30 grep -q 'stopping' "$NS-b/err"
	kill -INT "$leader"
	for leader in "$first" "$leader"; do
		wait "$leader" && status=0 || status=$?
		[ "$status" -eq 130 ]
	done
	cat "$NS/err" "$NS-b/err"
	grep -q 'exit statuses: standup 0, run 130, teardown 0' "$NS/err"
	jq -e '.status == "interrupted"' "$NS"/w/results/*/*/run.json
	[ -s "$(compgen -G "$NS/w/results/*/*/responses.jsonl")" ]
	same persistentvolumeclaim/workload-pvc "$(labelled "$NS")"
	command=$(sed -n 's/.*interrupted twice: the stack stays; remove it with: //p' "$NS-b/err")
	[ -n "$(kubectl get deployments -n "$NS-b" -l tokpipe/stack -o name)" ]
	bash -c "$command"
	same persistentvolumeclaim/workload-pvc "$(labelled "$NS-b")"
	kubectl delete namespace "$NS-b" --wait=false
}
