#!/usr/bin/env bats
# A server that asks for a key, behind TLS that no well-known authority vouches for, and load pods that have both; of a
# duration.  The server is on this machine, where pods of the test cluster reach it.
# shellcheck disable=SC2034,SC2154 # NS is cluster's, bench_pid inload's

load inload

free_port() { # for nghttpx, set port
	port=$(perl -MIO::Socket::INET -e 'print IO::Socket::INET->new(Listen => 1, LocalAddr => "127.0.0.1")->sockport')
}

# secure_server: set url; it ends with the test.
secure_server() {
	local host port
	host=$(jq -r '.clusters[0].cluster.server | sub("https://"; "") | sub(":.*"; "")' "$KUBECONFIG")
	free_port
	url=https://$host:$port
	openssl req -x509 -newkey rsa:2048 -nodes -keyout key.pem -out cert.pem -days 3 -subj /CN=engine \
		-addext "subjectAltName=IP:$host" 2>/dev/null
	KEY=$key llmsim --unix-socket "$PWD/sim" --model m --time-to-first-token 20ms --inter-token-latency 5ms \
		--api-key-env KEY --truth truth >/dev/null 2>sim.err 3>&- &
	echo "$!" >pids
	wait_for 10 test -S sim
	nghttpx --conf=/dev/null --single-process --no-ocsp --errorlog-file="$PWD/front.log" -f"$host,$port" -b"unix:$PWD/sim" \
		key.pem cert.pem >/dev/null 2>&1 3>&- &
	echo "$!" >>pids
	wait_for 10 curl -s --cacert cert.pem -o models "$url/v1/models"
}

teardown() {
	# shellcheck disable=SC2046 # words
	[ ! -e pids ] || kill $(<pids)
	kubectl delete namespace "$NS" --ignore-not-found --wait=false >/dev/null
}

# key_is_secret: nothing that may be read of the load has the key in it.
key_is_secret() {
	local pod
	kubectl get all,configmaps,events,endpointslices,pvc -n "$NS" -o yaml >objects.yaml
	for pod in 0 1; do
		# shellcheck disable=SC2016 # of the pod's shell
		kubectl exec -n "$NS" "$(job_pod "$pod")" -- /bin/sh -c 'cat /proc/[0-9]*/cmdline 2>/dev/null; :' | tr '\0' ' ' >"argv.$pod"
		kubectl logs -n "$NS" "$(job_pod "$pod")" >"log.$pod"
		grep -q sendreq "argv.$pod"
	done
	ps -eo args >argv.here
	run ! grep -rlF "$key" objects.yaml argv.* log.* runs
	kubectl get secrets -n "$NS" -l tokpipe/run -o json | jq -e --arg key "$key" '[.items[].data.key | @base64d] == [$key]'
}

@test "a key and a certificate of one's own reach the pods, and nothing else; of a duration" {
	local key=sesame-$RANDOM$RANDOM url
	kubectl create namespace "$NS" >/dev/null
	export LLMDBENCH_HARNESS_CPU_NR=50m LLMDBENCH_HARNESS_CPU_MEM=64Mi
	secure_server
	KEY=$key setsid "$TOP/bench.sh" --url "$url" --model m --namespace "$NS" --in-cluster --pods 2 --concurrency 4 \
		--cacert cert.pem --api-key-env KEY --set validation=null --duration 12s >out 2>err 3>&- &
	bench_pid=$!
	wait_for 120 sent 1 5
	key_is_secret
	ended_bench
	is 0 'failed 0'
	jq -se 'length > 20 and all(.error == null)' "$(latest)/responses.jsonl"
	jq -e '.window.s > 11 and .window.s < 14' "$(latest)/runsum.json"
	run ! grep -rlF "$key" runs out err
	nothing_left
	run --separate-stderr "$TOP/bench.sh" --url "$url" --model m --namespace "$NS" --in-cluster --cacert cert.pem \
		--requests 4 --concurrency 2 --set validation=null
	is 3 'no request was ok: http: Unauthorized'
	nothing_left
}
