#!/usr/bin/env bats
# bench.sh measures a Service of a real cluster from outside of it: through a port-forward, which it says.

load cluster

IMAGE=localhost/tokpipe/tokpipe-sim:$(sed -n 's/^VERSION = //p' "$TOP/Makefile")

# engine NAME: two pods of the simulated engine in a Service, ready.
engine() {
	kubectl create namespace "$NS" >/dev/null
	kubectl create deployment "$1" -n "$NS" --image="$IMAGE" --replicas=2 --port=8000 -- \
		/bin/llmsim --host 0.0.0.0 --port 8000 --model m --time-to-first-token 20ms --inter-token-latency 5ms >/dev/null
	kubectl expose deployment "$1" -n "$NS" --port=80 --target-port=8000 >/dev/null
	kubectl wait deployment "$1" -n "$NS" --for=condition=Available --timeout=90s >/dev/null
}

bench() {
	run --separate-stderr "$TOP/bench.sh" --namespace "$NS" --service "$1" --via port-forward --set validation=null --concurrency 4 "${@:2}"
}

# forwards: port-forwards of this test that are there.
forwards() {
	pgrep -fc "^kubectl port-forward -n $NS " || true
}

latest() {
	compgen -G 'runs/*/run.json' | tail -n 1 | xargs dirname
}

@test "a Service through a port-forward: measured, said everywhere, and nothing of it stays" {
	engine e
	bench e --requests 40
	is 0 'ok 40, failed 0' 'measured through a port-forward: one pod of the service served it all'
	same 'here port-forward' "$(jq -r '"\(.load.where) \(.load.via)"' "$(latest)/run.json")"
	jq -e '.url | startswith("http://127.0.0.1:")' "$(latest)/run.json"
	same 'port-forward' "$(jq -r '.warnings[].code' "$(latest)/run.json")"
	grep -q 'easured through a port-forward' "$(latest)/report.html"
	jq -e '.not_measured.gpu' "$(latest)/run.json"
	same 0 "$(forwards)"
	bench nothing
	is 3 'there is no such InferenceService, and no such Service'
}

@test "the port-forward dies in the middle: it is made again, the records say what failed, and the run says why" {
	engine e
	"$TOP/bench.sh" --namespace "$NS" --service e --via port-forward --set validation=null --rate 15 --requests 150 >out 2>err &
	wait_for 60 eval 'compgen -G "runs/*/responses.jsonl" >/dev/null && [ "$(cat runs/*/responses.jsonl | wc -l)" -gt 20 ]'
	pid=$(pgrep -f "^kubectl port-forward -n $NS ")
	kill -9 "$pid"
	status=0
	wait $! || status=$?
	grep -q 'the port-forward broke 1 times' out
	jq -e '[.warnings[].code] == ["port-forward", "port-forward-broken"]' "$(latest)/run.json"
	# some failed, those after it did not
	jq -se 'map(select(.error)) | length > 0' "$(latest)/responses.jsonl"
	jq -se 'max_by(.end_us).error == null' "$(latest)/responses.jsonl"
	same 0 "$(forwards)"
}

@test "interrupted and resumed: a port-forward of its own each time" {
	engine e
	"$TOP/bench.sh" --namespace "$NS" --service e --via port-forward --set validation=null --concurrency 2 --requests 200 >out 2>err &
	wait_for 60 eval 'compgen -G "runs/*/responses.jsonl" >/dev/null && [ "$(cat runs/*/responses.jsonl | wc -l)" -gt 10 ]'
	kill -TERM $!
	status=0
	wait $! || status=$?
	is 130
	same 0 "$(forwards)"
	run --separate-stderr "$TOP/bench.sh" --resume runs
	is 0 'ok 200, failed 0'
	same 0 "$(forwards)"
}

# leads NAME PORT: an Ingress to the Service e whose status says that it is at that port of loopback.
leads() {
	kubectl create ingress "$1" -n "$NS" --default-backend=e:80 >/dev/null
	kubectl patch ingress "$1" -n "$NS" --subresource=status --type=merge -p '{"status": {"loadBalancer": {"ingress":
		[{"ip": "127.0.0.1", "ports": [{"port": '"$2"', "protocol": "TCP"}]}]}}}' >/dev/null
}

# route PORT: an HTTPRoute to the Service e, and its gateway, whose status says that it is at that port of loopback.
route() {
	kubectl apply -f - >/dev/null <<-END
		{"apiVersion": "v1", "kind": "List", "items": [
		  {"apiVersion": "gateway.networking.k8s.io/v1", "kind": "Gateway", "metadata": {"name": "g", "namespace": "$NS"},
		   "spec": {"gatewayClassName": "none", "listeners": [{"name": "l", "port": $1, "protocol": "HTTP"}]}},
		  {"apiVersion": "gateway.networking.k8s.io/v1", "kind": "HTTPRoute", "metadata": {"name": "r", "namespace": "$NS"},
		   "spec": {"parentRefs": [{"name": "g"}], "rules": [{"backendRefs": [{"name": "e", "port": 80}]}]}}]}
	END
	kubectl patch gateway g -n "$NS" --subresource=status --type=merge \
		-p '{"status": {"addresses": [{"type": "IPAddress", "value": "127.0.0.1"}]}}' >/dev/null
}

@test "the way that answers: an Ingress whose address does, not the one whose does not; an HTTPRoute; else the address in the cluster" {
	engine e
	leads a 9
	bench_by() {
		run --separate-stderr "$TOP/bench.sh" --namespace "$NS" --service e "$@" --set validation=null --concurrency 2 --requests 10
	}
	bench_by
	is 0 'ok 10, failed 0' 'not by its ingress: http://127.0.0.1:9 answers nothing of it' 'by its cluster-ip'
	same 'cluster-ip 0' "$(jq -r '"\(.load.via) \(.warnings // [] | length)"' "$(latest)/run.json")"
	rm -r runs
	llmsim --port 0 --model m >url 2>/dev/null 3>&- &
	sim=$!
	wait_for 10 test -s url
	sim_url=$(<url)
	leads b "${sim_url##*:}"
	bench_by
	is 0 'ok 10, failed 0' "by its ingress: $sim_url"
	same "ingress $sim_url" "$(jq -r '"\(.load.via) \(.url)"' "$(latest)/run.json")"
	kubectl delete ingress a b -n "$NS" >/dev/null
	route "${sim_url##*:}"
	bench_by
	is 0 'ok 10, failed 0' "by its httproute: $sim_url"
	kill "$sim"
	bench_by --via httproute
	is 3 'no httproute of it answers'
	bench_by --via route
	is 3 'no route of it answers'
}
