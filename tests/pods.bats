#!/usr/bin/env bats
# What is made of what a cluster says of the pods that are measured: recorded on a real one (tests/data/pods), and of the
# metrics API, which that one has not, by its documented form.  (Under load, on a real cluster: tests/cluster/pods.bats.)
load lib/common
load lib/run_dir

DATA=$TOP/tests/data/pods

use() {
	jq -c -n -L "$TOP/scripts/lib" --slurpfile list "$DATA/list.json" --arg how "$1" --arg host h -f "$TOP/scripts/lib/pod_use.jq" "${@:2}"
}

# pods WHEN LIST: the program's answer to the run.json on stdin.
pods() {
	jq -c -f "$TOP/scripts/lib/pods.jq" --slurpfile list "$2" --arg when "$1" --argjson logs "${3-[]}"
}

names() {
	jq -r '.items[].metadata.name' "$DATA/list.json"
}

@test "the kubelet's summary: the pods that are measured, of all on the node; two nodes; a container without figures" {
	use kubelet "$DATA/summary.json" >got
	same "$(names | sort)" "$(jq -r .pod got)"
	[ "$(jq '.pods | length' "$DATA/summary.json")" -gt 2 ]
	while IFS= read -r pod; do
		want=$(jq -c --arg pod "$pod" '.pods[] | select(.podRef.name == $pod) | .containers[0]
			| [.cpu.usageNanoCores / 1e9, .memory.workingSetBytes, (.cpu.time | fromdateiso8601) * 1e6]' "$DATA/summary.json")
		same "$want" "$(jq -c --arg pod "$pod" 'select(.pod == $pod) | [.cpu_cores, .mem_bytes, .t_us]' got)"
	done < <(names)
	# each of two containers counts; a pod with one whose figure is missing has none
	jq '.pods[] |= (.containers |= . + .)' "$DATA/summary.json" >twice
	same "$(jq -c '.mem_bytes * 2' got)" "$(use kubelet twice | jq -c .mem_bytes)"
	jq '.pods[].containers[].cpu |= del(.usageNanoCores)' "$DATA/summary.json" >without
	use kubelet without | jq -se 'length == 2 and all(.[]; has("cpu_cores") == false and .mem_bytes > 0)'
	use kubelet <(jq '.pods |= .[:0]' "$DATA/summary.json") "$DATA/summary.json" | cmp - got
}

@test "the metrics API: quantities, and moments with fractions" {
	jq --arg a "$(names | head -n 1)" -n '{items: [
		{metadata: {namespace: "px", name: $a}, timestamp: "2026-01-01T00:00:07.5Z", window: "15s", containers: [
			{name: "a", usage: {cpu: "1250m", memory: "1Ki"}}, {name: "b", usage: {cpu: "250000000n", memory: "76"}}]},
		{metadata: {namespace: "other", name: $a}, timestamp: "2026-01-01T00:00:07Z", containers: [{usage: {cpu: "9", memory: "9"}}]}]}' >metrics
	same '[1767225607000000,1.5,1100,"metrics.k8s.io"]' "$(use metrics.k8s.io metrics | jq -c '[.t_us, .cpu_cores, .mem_bytes, .how]')"
}

@test "restarts before and after; a pod that went, one that came; a run that goes on keeps what was before it" {
	local one
	one=$(names | head -n 1)
	echo '{"warnings": [{"code": "other", "message": "kept"}]}' | pods before "$DATA/list.json" >before
	jq -e '(.pods | length) == 2 and all(.pods[]; .restarts_before == 0 and .restarts_after == null)' before
	pods after "$DATA/list.json" "[\"$one\"]" <before >after
	jq -e --arg one "$one" 'all(.pods[]; .restarts_after == 0) and (.warnings | length) == 1
		and [.pods[] | select(.log) | .log] == ["pods/\($one).log"]' after
	# one container was killed, the other pod was replaced
	jq '.items[0].status.containerStatuses[0] |= (.restartCount = 2 | .lastState.terminated = {reason: "OOMKilled", exitCode: 137})
		| .items[1].metadata.name = "newcomer"' "$DATA/list.json" >later
	pods before later <after | pods after later >again
	same '[[0,2],[0,null],[null,0]]' "$(pods after later <before | jq -c '[.pods[] | [.restarts_before, .restarts_after]]')"
	jq -e '[.warnings[].code] == ["other", "pod-restarted", "pod-gone", "pod-new"]' <(pods after later <before)
	jq -e --arg one "$one" '.warnings[1].message == "pod \($one) restarted 2 times during the run (container tokpipe-sim: OOMKilled, exit code 137): what it was serving failed"' again
	jq -e '.pods[0].restarts_before == 0' again
	same "$one	tokpipe-sim" "$(jq -r -f "$TOP/scripts/lib/restarted.jq" --slurpfile list later before)"
}

@test "results: the mean of each pod in the window, their sum; the report shows them; analyze.sh --service too" {
	make_run r --requests 20 --slots 2
	read -r from to < <(jq -r '.window | "\(.from_us) \(.to_us)"' r/runsum.json)
	jq -nc --argjson from "$from" --argjson to "$to" '{t_us: $from, source: "pod", how: "kubelet", namespace: "n"} as $p
		| $p + {pod: "a", cpu_cores: 1, mem_bytes: 1e9}, $p + {pod: "a", t_us: $to, cpu_cores: 2, mem_bytes: 2e9},
		$p + {pod: "b", cpu_cores: 0.25, mem_bytes: 5e8}, $p + {pod: "b", t_us: ($to + 1), cpu_cores: 64, mem_bytes: 1e12},
		$p + {pod: "c", error: "gone"}' >>r/telemetry.jsonl
	jq '.namespace = "n" | .service = "s" | del(.not_measured.resources) | .pods = [{name: "a", container: "c<b>", node: "n1", image: "i",
		restarts_before: 0, restarts_after: 3, log: null}]' r/run.json >x
	mv x r/run.json
	"$TOP/scripts/results.sh" --run-dir r
	same '[1.75,2]' "$(jq -c '.resources | [.avg_cpu_usage, .avg_memory_usage_gb]' r/results.json)"
	recompute results.json r
	"$TOP/scripts/analyze.sh" --run-dir r --namespace n --service s --output a.json
	same 1.75 "$(jq .resources.avg_cpu_usage a.json)"
	"$TOP/scripts/report.sh" --run-dir r --template detailed --output d.html
	"$TOP/scripts/report.sh" --run-dir r
	grep -q 'CPU of the pods, mean' r/report.html
	grep -q '<th scope="row">a</th><td>c&lt;b&gt;</td><td>n1</td><td>0</td><td>3</td>' d.html
	grep -q 'aria-label="CPU, cores over time"' d.html
}

@test "no figures fell into the run: null, and why" {
	judged() {
		jq -c -f "$TOP/scripts/lib/pods_judged.jq" --slurpfile results <(echo "$1") --slurpfile samples <(echo "$2") \
			<<<'{"not_measured": {"resources": "no pods were sampled in this run"}}' | jq -r '.not_measured.resources // "measured"'
	}
	same measured "$(judged '{"resources": {"avg_cpu_usage": 0}}' '{"how": "kubelet"}')"
	[[ $(judged '{"resources": {"avg_cpu_usage": null}}' '{"how": "kubelet"}') == *'kubelet has new ones each 10 to 20 s' ]]
	same 'Forbidden' "$(judged '{"resources": {"avg_cpu_usage": null}}' '{"how": "kubelet", "error": "Forbidden"}')"
}
