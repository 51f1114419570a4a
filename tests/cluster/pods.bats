#!/usr/bin/env bats
# What a run on a real cluster says of the pods that it measured: what they used, by the kubelet, their restarts, their logs.

load cluster

IMAGE=localhost/tokpipe/tokpipe-sim:$(sed -n 's/^VERSION = //p' "$TOP/Makefile")

# engine NAME: two pods of the simulated engine in a Service, ready.
engine() {
	kubectl create namespace "$NS" >/dev/null
	kubectl create deployment "$1" -n "$NS" --image="$IMAGE" --replicas=2 --port=8000 -- /bin/sh -c 'echo begins >&2
		exec /bin/llmsim --host 0.0.0.0 --port 8000 --model m --time-to-first-token 20ms --inter-token-latency 5ms' >/dev/null
	kubectl expose deployment "$1" -n "$NS" --port=8000 --cluster-ip=None >/dev/null
	kubectl wait deployment "$1" -n "$NS" --for=condition=Available --timeout=90s >/dev/null
}

# cpu_used: seconds, of all the pods of the namespace, as the node's own cgroups count them.
cpu_used() {
	local uid file
	kubectl get pods -n "$NS" -o json | jq -r '.items[].metadata.uid' | while IFS= read -r uid; do
		file=$(find /sys/fs/cgroup -path "*pod$uid/cpuacct.usage" | head -n 1)
		if [ -n "$file" ]; then
			jq '. / 1e9' "$file"
		else
			find /sys/fs/cgroup -path "*pod$uid/cpu.stat" -exec sed -n 's/^usage_usec //p' {} + | jq -s '.[0] / 1e6'
		fi
	done | jq -s add
}

latest() {
	compgen -G 'runs/*/run.json' | tail -n 1 | xargs dirname
}

@test "CPU and memory as the node counts them; a restart in the run; what the pods logged, before it too" {
	engine e
	used=$(cpu_used)
	"$TOP/bench.sh" --namespace "$NS" --service e --set validation=null --rate 60 --duration 40s >out 2>err &
	bench=$!
	wait_for 60 eval 'compgen -G "runs/*/responses.jsonl" >/dev/null && [ "$(cat runs/*/responses.jsonl | wc -l)" -gt 1600 ]'
	# of the two, the one that serves nothing
	idle=$(kubectl get pods -n "$NS" -o name | while read -r pod; do
		printf '%s %s\n' "$(kubectl exec -n "$NS" "$pod" -- /bin/busybox awk '{print $14}' /proc/1/stat)" "${pod#pod/}"
	done | sort -n | head -n 1 | cut -d ' ' -f 2)
	kubectl exec -n "$NS" "$idle" -- /bin/busybox kill 1 || [ $? = 137 ] # the container ends, and this with it
	status=0
	wait "$bench" || status=$?
	is 0
	used=$(jq -n --argjson before "$used" --argjson after "$(cpu_used)" '$after - $before')
	run=$(latest)
	jq -e --argjson used "$used" '.resources.avg_cpu_usage * 40 / $used | debug | . > 0.3 and . < 3' "$run/results.json"
	jq -e '.resources.avg_memory_usage_gb | . > 0.0002 and . < 0.2' "$run/results.json"
	jq -e '.not_measured | has("resources") | not' "$run/run.json"
	jq -e --arg idle "$idle" '(.pods | length) == 2 and all(.pods[]; (.restarts_after - .restarts_before == 1) == (.name == $idle))
		and [.warnings[].code] == ["port-forward", "pod-restarted"]' "$run/run.json"
	grep -q "pod $idle restarted once during the run" out
	grep -qx begins "$run/pods/$idle.log"
	grep -qx begins "$run/pods/$idle.tokpipe-sim.previous.log"
	same 0 "$(find "$run/pods" -name '.*' -type f | wc -l)"
	jq -se 'map(select(.source == "pod")) | length >= 4 and (map([.t_us, .pod]) | length == (unique | length))
		and all(.[]; .how == "kubelet" and .node != null)' "$run/telemetry.jsonl"
}

@test "without the right to ask the nodes: resources are null, with the reason; another kubeconfig than the current one" {
	engine e
	kubectl create serviceaccount u -n "$NS" >/dev/null
	kubectl create role u -n "$NS" --verb=get,list --resource=services,pods,endpointslices.discovery.k8s.io,pods/log >/dev/null
	kubectl create role f -n "$NS" --verb=create --resource=pods/portforward >/dev/null
	kubectl create rolebinding u -n "$NS" --role=u --serviceaccount="$NS:u" >/dev/null
	kubectl create rolebinding f -n "$NS" --role=f --serviceaccount="$NS:u" >/dev/null
	cp "$KUBECONFIG" mine
	kubectl --kubeconfig mine config set-credentials u --token="$(kubectl create token u -n "$NS")" >/dev/null
	kubectl --kubeconfig mine config set-context limited --cluster="$(jq -r '.clusters[0].name' mine 2>/dev/null ||
		kubectl --kubeconfig mine config view -o 'jsonpath={.clusters[0].name}')" --user=u >/dev/null
	KUBECONFIG=/nowhere run --separate-stderr "$TOP/bench.sh" --kubeconfig mine --context limited --namespace "$NS" --service e \
		--set validation=null --concurrency 2 --requests 20
	is 0 'ok 20, failed 0'
	run=$(latest)
	jq -e '.not_measured.resources | contains("forbidden") and contains("nodes/proxy")' "$run/run.json"
	jq -e '.resources.avg_cpu_usage == null and .resources.avg_memory_usage_gb == null' "$run/results.json"
	jq -e 'all(.pods[]; .restarts_after == 0)' "$run/run.json"
	same 2 "$(find "$run/pods" -name '*.log' | wc -l)"
	run ! grep -rF "$(kubectl --kubeconfig mine config view --raw -o 'jsonpath={.users[?(@.name=="u")].user.token}')" runs
}
