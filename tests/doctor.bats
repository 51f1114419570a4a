#!/usr/bin/env bats
# What doctor.sh says: of this machine without a cluster, and of what real clusters answered (tests/data/doctor), changed where
# a test is about something else.  tests/cluster/doctor.bats asks a real one.

load lib/common

# diagnosed FACTS [FILTER [OPTION…]]: lines.json is what doctor.jq makes of these facts, after FILTER.
diagnosed() {
	local settings=$TOP/tests/data/stack/settings.json
	jq "${2:-.}" "$DATA/doctor/$1.json" >facts.json
	jq "${VALUES:-.}" "$settings" >settings.json
	nodes=$(jq -L "$TOP/scripts/lib" -f "$TOP/scripts/lib/nodes.jq" --arg resource "$(value VLLM_COMMON_ACCELERATOR_RESOURCE)" \
		--arg affinity "$(value VLLM_COMMON_AFFINITY)" --arg number "$(value VLLM_COMMON_ACCELERATOR_NR)" <(jq '.nodes // {items: []}' facts.json)) || nodes='{}'
	jq -n -L "$TOP/scripts/lib" --slurpfile facts facts.json --slurpfile settings settings.json \
		--rawfile table "$TOP/scripts/lib/rights.tsv" --arg stack shop --arg load shop --argjson chosen "${CHOSEN:-false}" \
		--argjson models 1 --argjson downloads "${DOWNLOADS:-false}" --argjson token "${TOKEN:-false}" --argjson nodes_say "$nodes" \
		-f "$TOP/scripts/lib/doctor.jq" >lines.json
}

value() {
	jq -r --arg name "$1" '.values[$name]' settings.json
}

# says SECTION LINE…: these are among its lines ("STATUS WHAT", of which the beginning is given), and have something to mend
# unless they are ok.
says() {
	local section=$1 line
	shift
	jq -e 'all(.[]; (.status | IN("ok", "warn", "bad")) and (.status == "ok") == (.mend == null) and (.status == "bad") == (.exit > 0))' lines.json >/dev/null
	for line; do
		jq -e --arg section "$section" --arg line "$line" 'any(.[]; .section == $section and ("\(.status) \(.what)" | startswith($line)))' lines.json >/dev/null || {
			echo "not said: $section $line"
			jq -r '.[] | "\(.status) \(.section) \(.what)"' lines.json
			return 1
		}
	done
}

statuses() {
	jq -r '[.[].status] | unique | join(" ")' lines.json
}

# doctor OPTION…: with no cluster to be found.
doctor() {
	mkdir -p home tmp
	run --separate-stderr env -i HOME="$PWD/home" TMPDIR="$PWD/tmp" PATH="${PATH//"${TOKPIPE_BIN:-$TOP/bin}:"/}" TOKPIPE_BIN="${TOKPIPE_BIN:-$TOP/bin}" \
		KUBECONFIG=/dev/null "${extra[@]}" "$TOP/scripts/doctor.sh" "$@"
}
extra=()

@test "doctor: no kubectl: the tools, one line of the cluster, status 3, and nothing is left" {
	extra=(LLMDBENCH_CONTROL_KCMD=no-such-kubectl)
	doctor
	is 3 'ok    tools      jq: jq-' 'ok    tools      tokpipe: ' 'bad   tools      no-such-kubectl: not installed  → ' 'bad   cluster    '
	same 1 "$(grep -c '  cluster  ' <<<"$output")"
	doctor --json
	is 3
	same '3 null 2' "$(jq -r '"\(.exit) \(.context) \(.counts.bad)"' <<<"$output")"
	same "$(jq '.checks | length' <<<"$output")" "$(jq '.counts | add' <<<"$output")"
	same true "$(jq 'all(.checks[]; (.status == "ok") == (.mend == null) and .section != "" and .what != "")' <<<"$output")"
	same '' "$(find tmp home -mindepth 1)"
}

@test "doctor: no jq: it is said, and no more" {
	local file
	mkdir bin
	for file in bash dirname readlink mktemp mkdir rm sed cat; do ln -s "$(type -P "$file")" bin/; done
	run --separate-stderr env -i PATH="$PWD/bin" TMPDIR="$PWD" TOKPIPE_BIN="${TOKPIPE_BIN:-$TOP/bin}" "$TOP/scripts/doctor.sh"
	is 3 'bad   tools      jq: not installed' 'apt-get install jq'
	run --separate-stderr env -i PATH="$PWD/bin" TMPDIR="$PWD" TOKPIPE_BIN="${TOKPIPE_BIN:-$TOP/bin}" "$TOP/scripts/doctor.sh" --json
	is 4 'jq is not installed'
}

@test "doctor: programs that are not built, or of another version" {
	mkdir bin
	ln -s "${TOKPIPE_BIN:-$TOP/bin}"/* bin/
	rm bin/sendreq bin/pctl
	printf '#!/bin/sh\necho "pctl (tokpipe) 0.0.1"\n' >bin/pctl
	chmod +x bin/pctl
	extra=(LLMDBENCH_CONTROL_KCMD=no-such-kubectl TOKPIPE_BIN="$PWD/bin")
	doctor
	is 3 'warn  tools      sendreq: not built  → make' 'warn  tools      pctl: not of version'
}

@test "doctor: wrong words are 2, and say what to do" {
	doctor --contxt x
	is 2 'unknown option --contxt' '--context'
	doctor kind_sim
	is 2 'did you mean -c kind_sim?'
	doctor --kubeconfig "$PWD/none"
	is 2 "--kubeconfig: $PWD/none: cannot be read"
	doctor -c kind_sin
	is 2 'Did you mean kind_sim?'
	doctor -p 'Not A Name'
	is 2 '--namespace: Not A Name: expected lower-case letters'
	doctor -c kind_sim -t modelservice
	is 2 'say -t standalone'
	same '' "$(find tmp home -mindepth 1)"
}

@test "doctor: a cluster with everything: nothing is bad; what is missing says what it is for" {
	diagnosed gpu
	same 'ok warn' "$(statuses)"
	says cluster 'ok you are admin' 'ok Kubernetes v1.34.4'
	says rights 'ok standup: all that it needs in namespace shop' 'ok run: all' 'ok teardown: all'
	says namespace 'ok shop: not there yet'
	says apis 'ok Gateway API' 'warn KServe: serving.kserve.io is not there' 'warn Routes' 'warn inference extension'
	says nodes 'ok 1 of 1 take pods; with up to 4 CPUs and 23.4 GiB' 'ok 4 nvidia.com/gpu (NVIDIA-H100-80GB-HBM3) on 1 node, at most 4 on one, 1 free'
	says storage 'ok class standard (default): kubernetes.io/host-path' 'warn class broken: tokpipe.invalid/none, Immediate: nothing is known'
	says metrics 'warn metrics.k8s.io does not answer' 'warn no Service is called prometheus'
	says leftovers 'ok nothing of ours in any namespace'
}

@test "doctor: rights to look only: each verb and kind that is missing, and the command that gives them" {
	diagnosed view
	says rights 'bad you may not create, delete, patch deployments.apps in namespace shop (standup, teardown)' \
		'bad you may not create pods/exec in namespace shop (run)' 'warn you may not list nodes in the whole cluster' \
		'bad you may not create, get services/proxy in namespace shop (standup)'
	same '' "$(jq -r '.[] | select(.what | test("may not.* (list|get) pods in "))' lines.json)"
	jq -e 'all(.[] | select(.status == "bad"); .section == "rights" and .exit == 3
		and (.mend | test("clusterrole=edit --serviceaccount=shop:someone")))' lines.json
	says nodes 'warn they cannot be listed: nodes is forbidden'
	says leftovers 'warn only the namespaces of this stack' 'ok nothing of ours in the namespaces that may be read'
}

@test "doctor: a right that must be hides the same one that may be; of an API that is not there nothing is needed" {
	diagnosed gpu '(.rights[] | select(.spec.resourceAttributes | .resource == "pods" and .subresource == "log") | .status.allowed) = false
		| (.rights[] | select(.spec.resourceAttributes.resource == "routes") | .status.allowed) = false'
	same 'you may not get pods/log in namespace shop (run, standup)' "$(jq -r '.[] | select(.section == "rights" and .status != "ok") | .what' lines.json)"
	same teardown "$(jq -r '.[] | select(.section == "rights" and .status == "ok") | .what | split(":")[0]' lines.json)"
}

@test "doctor: the table of rights: six fields, no row twice, all of it is asked" {
	same '' "$(awk -F '\t' '!/^#/ && (NF != 6 || $2 !~ /^(must|may)$/ || $3 !~ /^(stack|load|all)$/ || ($2 == "must") != ($6 == "-"))' "$TOP/scripts/lib/rights.tsv")"
	same '' "$(grep -v '^#' "$TOP/scripts/lib/rights.tsv" | cut -f 1-4 | sort | uniq -d)"
	jq -nc -L "$TOP/scripts/lib" --rawfile table "$TOP/scripts/lib/rights.tsv" --arg stack a --arg load b 'include "rights"; reviews' >reviews
	same '' "$(sort reviews | uniq -d)"
	jq -se 'any(.[].spec.resourceAttributes; . == {resource: "pods", subresource: "exec", group: "", verb: "create", namespace: "b"})
		and any(.[].spec.resourceAttributes; . == {resource: "deployments", group: "apps", verb: "patch", namespace: "a"})
		and any(.[].spec.resourceAttributes; . == {resource: "nodes", subresource: "proxy", group: "", verb: "get", namespace: ""})' reviews
	diagnosed gpu '.rights = []' # what was not answered is not allowed
	same '' "$(jq -r '.[] | select(.section == "rights" and .status == "ok")' lines.json)"
}

@test "doctor: versions that do not fit; a namespace that goes, or takes no root" {
	diagnosed gpu '.server.minor = "27+" | .server.gitVersion = "v1.27.3-gke" | .namespace = {status: {phase: "Terminating"}}'
	says cluster 'warn Kubernetes v1.27.3-gke: load from several pods needs v1.28' 'warn kubectl v1.34.4 is 7 minor versions away'
	says namespace 'bad shop: it is being removed'
	diagnosed gpu '.namespace = {metadata: {labels: {"pod-security.kubernetes.io/enforce": "restricted"}}}'
	says namespace 'warn shop: it takes no pod that runs as root'
}

@test "doctor: nodes: cordoned, not ready, none; accelerators without a label, all taken, of unknown use" {
	diagnosed gpu '.nodes.items += [.nodes.items[0] | .metadata.name = "node-b" | .spec.unschedulable = true]'
	says nodes 'ok 1 of 2 take pods' 'warn node-b: cordoned' 'ok 8 nvidia.com/gpu (NVIDIA-H100-80GB-HBM3) on 2 nodes, at most 4 on one, 1 free'
	diagnosed gpu '(.nodes.items[0].status.conditions[] | select(.type == "Ready")).status = "Unknown"'
	says nodes 'bad 1 nodes, and pods may run on none' 'warn node-a: not ready'
	diagnosed gpu '.nodes.items[0].metadata.labels = {} | .pods.items[1].spec.containers[0].resources.limits["nvidia.com/gpu"] = "4"
		| del(.pods.items[1].spec.containers[0].resources.requests)'
	says nodes 'warn 4 nvidia.com/gpu (unnamed) on 1 node, at most 4 on one, 0 free'
	diagnosed gpu '.pods = {error: "x"}'
	says nodes 'ok 4 nvidia.com/gpu (NVIDIA-H100-80GB-HBM3) on 1 node, at most 4 on one, an unknown number free'
}

@test "doctor: storage: no default, two, of one node, without a volume or with one" {
	class() {
		printf '{"metadata":{"name":"%s","annotations":{"storageclass.kubernetes.io/is-default-class":"%s"}},"provisioner":"%s"}' "$@"
	}
	diagnosed gpu ".classes.items = [$(class a false ebs.csi.aws.com)] | .drivers.items = [{metadata: {name: \"ebs.csi.aws.com\"}}]"
	says storage 'warn no class is the default (a)' 'warn class a: ebs.csi.aws.com, Immediate: only one node at a time'
	diagnosed gpu ".classes.items = [$(class a true x/a), $(class b true x/b)] | .volumes.items = [{spec: {storageClassName: \"b\", accessModes: [\"ReadWriteMany\"]}}]"
	says storage 'warn 2 classes are the default: a, b' 'warn class a (default): x/a, Immediate: nothing' 'ok class b (default): x/b, Immediate, volumes with ReadWriteMany'
	diagnosed gpu ".classes.items = [$(class a true kubernetes.io/no-provisioner)]"
	says storage 'warn class a (default): kubernetes.io/no-provisioner, Immediate: nothing is known'
	diagnosed gpu '.classes.items = []'
	says storage 'warn no class is the default (there is none)'
}

@test "doctor: metrics: of the metrics API; a Prometheus that serves, wherever it may be seen" {
	diagnosed gpu '.usage = {items: []} | .services.items += [{metadata: {namespace: "m", name: "prometheus-operator"}}, {metadata: {namespace: "m", name: "prometheus-node-exporter"}}]'
	says metrics 'ok metrics.k8s.io tells' 'warn no Service is called prometheus'
	diagnosed gpu '.services.items += [{metadata: {namespace: "m", name: "kube-prometheus-stack-prometheus"}}, {metadata: {namespace: "m", name: "prometheus-operated"}}]'
	says metrics 'ok Prometheus: m/kube-prometheus-stack-prometheus and 1 more'
	diagnosed view '.services_monitoring = {items: [{metadata: {namespace: "monitoring", name: "prometheus-k8s"}}]}'
	says metrics 'ok Prometheus: monitoring/prometheus-k8s'
}

@test "doctor: leftovers: stacks that are up, broken off, under way; objects without a record; volumes; runs" {
	record() { # STATE HOLDER
		jq -nc --arg state "$1" --arg holder "$2" '{kind: "ConfigMap", metadata: {name: "tokpipe-stack-11112222", namespace: "shop",
			labels: {"app.kubernetes.io/name": "tokpipe-stack", "tokpipe/stack": "11112222"}},
			data: {$state, $holder, since: "1795388400", stack: "{\"name\":\"a b\"}"}}'
	}
	object() { # KIND NAME LABEL VALUE
		printf '{"kind":"%s","metadata":{"name":"%s","namespace":"shop","labels":{"%s":"%s"}},"status":{"active":%s}}' "$1" "$2" "$3" "$4" "${5:-0}"
	}
	diagnosed gpu ".ours.items = [$(record up ''), $(object Deployment web tokpipe/stack 11112222)]"
	says leftovers 'ok stack a b (11112222) in namespace shop: up since 2026-11-22T23:00:00Z, 1 object; '
	diagnosed gpu ".ours.items = [$(record standing-up '')]"
	says leftovers 'warn stack a b (11112222) in namespace shop: standing-up since 2026-11-22T23:00:00Z, and nobody goes on'
	same "LLMDBENCH_CONTROL_STACK='a b' setup/teardown.sh -p shop" "$(jq -r '.[] | select(.section == "leftovers") | .mend' lines.json)"
	diagnosed gpu ".ours.items = [$(record tearing-down 'host/1 12 34 me')]"
	says leftovers 'warn stack a b (11112222) in namespace shop: tearing-down since 2026-11-22T23:00:00Z, by host/1 12 34 me'
	diagnosed gpu ".ours.items = [$(object Service web tokpipe/stack 33334444), $(object Pod p tokpipe/stack 33334444), $(object PersistentVolumeClaim v tokpipe/stack 5)]"
	says leftovers 'warn 2 objects in namespace shop of a stack without a record: service/web, pod/p' 'ok volumes that stay, in namespace shop: persistentvolumeclaim/v'
	jq -e 'any(.[]; .mend == "kubectl delete pod,service -n shop -l app.kubernetes.io/managed-by=tokpipe,tokpipe/stack=33334444")' lines.json
	diagnosed gpu ".ours.items = [$(object Job load tokpipe/run r1 3), $(object Job load2 tokpipe/run r2)]"
	says leftovers 'ok run r1 in namespace shop: its load is being sent' 'warn run r2 in namespace shop: job/load2'
}

@test "doctor: what a scenario asks for: accelerators, room, size, volumes, a token" {
	CHOSEN=true
	VALUES='.values += {VLLM_COMMON_ACCELERATOR_NR: "1", VLLM_COMMON_ACCELERATOR_RESOURCE: "auto", VLLM_COMMON_AFFINITY: "auto", VLLM_COMMON_REPLICAS: "1",
		VLLM_COMMON_CPU_NR: "1", VLLM_COMMON_CPU_MEM: "1Gi", VLLM_COMMON_PVC_STORAGE_CLASS: "default", VLLM_COMMON_PVC_ACCESSMODE: "ReadWriteMany"}'
	local base=$VALUES
	diagnosed gpu
	same 'ok warn' "$(statuses)"
	says scenario 'ok 1 engine pods with 1 nvidia.com/gpu each: there is room for 1' 'ok volumes of class standard'
	VALUES="$base | .values.VLLM_COMMON_REPLICAS = \"2\""
	diagnosed gpu
	says scenario 'bad 2 engine pods with 1 nvidia.com/gpu each: there is room for 1 now'
	VALUES="$base | .values.VLLM_COMMON_ACCELERATOR_NR = \"8\""
	diagnosed gpu
	says scenario 'bad 1 engine pods with 8 nvidia.com/gpu each: no node has so many (at most 4)'
	VALUES="$base | .values += {VLLM_COMMON_AFFINITY: \"zone:moon\", VLLM_COMMON_CPU_MEM: \"100Gi\", VLLM_COMMON_PVC_STORAGE_CLASS: \"none\"}"
	DOWNLOADS=true diagnosed gpu
	says scenario 'bad LLMDBENCH_VLLM_COMMON_AFFINITY=zone:moon: no node has that label' 'bad no node has the 1 CPUs and 100Gi' \
		'bad LLMDBENCH_VLLM_COMMON_PVC_STORAGE_CLASS=none: there is no such class (there are: broken, standard)' 'bad no token of Hugging Face'
	VALUES="$base | .values.VLLM_COMMON_PVC_STORAGE_CLASS = \"broken\""
	DOWNLOADS=true TOKEN=true diagnosed gpu
	says scenario 'bad LLMDBENCH_VLLM_COMMON_PVC_STORAGE_CLASS=broken: nothing is known to make volumes' 'ok a token of Hugging Face: LLMDBENCH_HF_TOKEN'
	VALUES=$base
	DOWNLOADS=true diagnosed gpu '.secret = ["HF_TOKEN", ""] | .classes.items[1].provisioner = "rancher.io/local-path" | del(.nodes.items[0].status.allocatable["nvidia.com/gpu"])'
	says scenario 'bad LLMDBENCH_VLLM_COMMON_PVC_ACCESSMODE=ReadWriteMany: class standard has no such volumes' 'ok a token of Hugging Face: secret ' \
		'bad LLMDBENCH_VLLM_COMMON_ACCELERATOR_RESOURCE=auto: no node has an accelerator'
}
