#!/usr/bin/env bats
# The cluster that the other tests stand on does what they take for granted: names, volumes, rights of our image, and no
# packet that leaves the machine.
load cluster

version() {
	"$TOP/bin/tokpipe" --version | awk '{ print $NF }'
}

# simulators N: so many engines and a Service of theirs, engine:80, which the node forwards by then.
simulators() {
	local address
	kubectl create namespace "$NS" >/dev/null
	kubectl create deployment engine -n "$NS" --replicas="$1" --port=8000 \
		--image="localhost/tokpipe/tokpipe-sim:$(version)" -- /bin/bash -c 'exec vllm serve m --port 8000' >/dev/null
	kubectl expose deployment engine -n "$NS" --port=80 --target-port=8000 >/dev/null
	kubectl rollout status deployment engine -n "$NS" --timeout=60s
	address=$(kubectl get service engine -n "$NS" -o 'jsonpath={.spec.clusterIP}')
	wait_for 30 curl -sf -o models --noproxy '*' "http://$address/v1/models"
}

# restricted COMMAND: a pod of our image as a cluster's strictest rule wants it, run to its end; prints what it said.
restricted() {
	kubectl label --overwrite namespace "$NS" pod-security.kubernetes.io/enforce=restricted >/dev/null
	jq -n --arg image "localhost/tokpipe/tokpipe:$(version)" --arg command "$1" '{apiVersion: "v1", kind: "Pod",
		metadata: {name: "load"}, spec: {restartPolicy: "Never", automountServiceAccountToken: false,
		securityContext: {runAsNonRoot: true, runAsUser: 65532, seccompProfile: {type: "RuntimeDefault"}},
		containers: [{name: "load", image: $image, command: ["/bin/sh", "-c", $command],
			securityContext: {readOnlyRootFilesystem: true, allowPrivilegeEscalation: false, capabilities: {drop: ["ALL"]}}}]}}' |
		kubectl apply -n "$NS" -f - >/dev/null
	wait_for 60 ended load
	kubectl logs -n "$NS" load
}

@test "cluster: one node, ready, of the version that was built" {
	run --separate-stderr kubectl get nodes -o 'jsonpath={.items[*].status.nodeInfo.kubeletVersion}'
	same v1.34.4 "$output"
	run kubectl version -o json
	is 0 '"gitVersion": "v1.34.4"'
}

@test "cluster: a pod finds a Service by its short and its full name, and reaches both of its pods" {
	simulators 2
	run in_pod sh -c 'nslookup engine.'"$NS"'.svc.cluster.local && for i in 1 2 3 4 5 6 7 8; do
		timeout 5 wget -qO- http://engine/v1/models; done; timeout 5 wget -qO- http://kubernetes.default.svc 2>&1 || true'
	is 0 '"id":"m"'
	[ "$(grep -o '"id":"m"' <<<"$output" | wc -l)" = 8 ]
	pods=$(kubectl get pods -n "$NS" -l app=engine -o name)
	[ "$(wc -l <<<"$pods")" = 2 ]
}

@test "cluster: our image sends load as nobody, on a root that cannot be written, without any capability" {
	simulators 1
	run --separate-stderr restricted 'id -u; touch /x 2>&1; grep CapEff /proc/self/status; genload -n 5 --model m --max-tokens 3 | sendreq --url http://engine -c 2'
	is 0 65532 'Read-only file system' 0000000000000000
	same 5 "$(grep -c '"status":200' <<<"$output")"
}

@test "cluster: a volume is bound by the default class, takes what nobody writes, and keeps it" {
	kubectl create namespace "$NS" >/dev/null
	jq -n '{apiVersion: "v1", kind: "PersistentVolumeClaim", metadata: {name: "v"},
		spec: {accessModes: ["ReadWriteMany"], resources: {requests: {storage: "1Gi"}}}}' | kubectl apply -n "$NS" -f - >/dev/null
	for turn in 1 2; do
		jq -n --arg turn "$turn" '{apiVersion: "v1", kind: "Pod", metadata: {name: "p\($turn)"}, spec: {restartPolicy: "Never",
			securityContext: {runAsUser: 65532, fsGroup: 65532}, volumes: [{name: "v", persistentVolumeClaim: {claimName: "v"}}],
			containers: [{name: "c", image: "localhost/busybox:1", volumeMounts: [{name: "v", mountPath: "/v"}],
				command: ["/bin/sh", "-c", "echo \($turn) >>/v/file && cat /v/file"]}]}}' | kubectl apply -n "$NS" -f - >/dev/null
		wait_for 30 ended "p$turn"
	done
	run kubectl logs -n "$NS" p2
	same $'1\n2' "$output"
}

@test "cluster: a volume of the class broken is not bound" {
	kubectl create namespace "$NS" >/dev/null
	jq -n '{apiVersion: "v1", kind: "PersistentVolumeClaim", metadata: {name: "v"}, spec: {storageClassName: "broken",
		accessModes: ["ReadWriteOnce"], resources: {requests: {storage: "1Gi"}}}}' | kubectl apply -n "$NS" -f - >/dev/null
	wait_for 20 grep -q 'tokpipe.invalid/none' <(events "$NS")
	run kubectl get pvc v -n "$NS" -o 'jsonpath={.status.phase}'
	same Pending "$output"
}

@test "cluster: no packet of a pod leaves the machine" {
	run in_pod sh -c 'for to in 192.0.2.1 1.1.1.1 10.0.0.1; do timeout 3 wget -qO- "http://$to" && echo OUT; done; true'
	[[ $output != *OUT* ]]
	echo "$output"
	is 0 'No route to host' # at least once: the node says so once a second
	run ip route show type unreachable
	net=$(<"$CLUSTER_DIR/net")
	is 0 "$net.$((16 + CLUSTER_SLOT)).0/24" "$net.$((128 + 16 * CLUSTER_SLOT)).0/20"
}
