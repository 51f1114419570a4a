#!/usr/bin/env bats
# scripts/lib/endpoint.jq: which Service or pod a method, or a part of a name, means.

load lib/common

# service NAME [STACK] [PORTS]
service() {
	jq -cn --arg name "$1" --arg stack "${2-}" --argjson ports "${3-[{\"name\":\"http\",\"port\":80\}]}" '{kind: "Service",
		metadata: ({$name} + if $stack == "" then {} else {labels: {"tokpipe/stack": $stack, "app.kubernetes.io/managed-by": "tokpipe"}} end),
		spec: {$ports}}'
}

# pod NAME OWNER ADDRESS [PHASE]
pod() {
	jq -cn --arg name "$1" --arg owner "$2" --arg ip "$3" --arg phase "${4-Running}" '{kind: "Pod",
		metadata: {$name, ownerReferences: [{uid: $owner}]}, spec: {containers: [{}, {ports: [{containerPort: 8000}]}]},
		status: {$phase, podIP: (if $ip == "" then null else $ip end)}}'
}

# chosen WORD NAME <OBJECTS
chosen() {
	jq -cs '{items: .}' | jq -c --arg word "$1" --arg stack 1a2b3c4d --arg name "$2" -f "$TOP/scripts/lib/endpoint.jq"
}

@test "standalone: the model's own Service, else the stack's, else one with that word in its name" {
	{
		service vllm-standalone-other
		service vllm-standalone-m
		service odd-name 1a2b3c4d
		service vllm-standalone-theirs 99999999
	} >all
	same '{"name":"vllm-standalone-m","port":80,"host":null}' "$(chosen standalone vllm-standalone-m <all)"
	same '{"name":"odd-name","port":80,"host":null}' "$(chosen standalone vllm-standalone-x <all)"
	same '{"several":["vllm-standalone-other","vllm-standalone-m","vllm-standalone-theirs"]}' "$(chosen standalone '' < <(grep -v odd all))"
	same '{"name":"vllm-standalone-other","port":80,"host":null}' "$(chosen standalone '' < <(head -n 1 all))"
	same '{}' "$(chosen standalone x < <(service gateway))"
	same '{}' "$(chosen standalone x </dev/null)"
}

@test "any other word: the Service of that name, else the one that has it in its name; several are told" {
	{
		service chat-predictor
		service chat
		service chat-metrics
		service unrelated
	} >all
	same '{"name":"chat","port":80,"host":null}' "$(chosen chat '' <all)"
	same '{"name":"chat-predictor","port":80,"host":null}' "$(chosen predict '' <all)"
	same '{"several":["chat-predictor","chat-metrics"]}' "$(chosen chat- '' <all)"
	same '{}' "$(chosen nothing '' <all)"
}

@test "the port: 80, else the one called default or http, else the first" {
	same 80 "$(chosen s '' < <(service s '' '[{"name":"http","port":8080},{"name":"x","port":80}]') | jq .port)"
	same 8081 "$(chosen s '' < <(service s '' '[{"name":"metrics","port":9090},{"name":"default","port":8081}]') | jq .port)"
	same 9090 "$(chosen s '' < <(service s '' '[{"name":"metrics","port":9090},{"name":"grpc","port":1}]') | jq .port)"
}

@test "a pod: one that runs and has an address; replicas are one thing" {
	{
		pod engine-0 a '' Pending
		pod engine-1 a 10.0.0.2
		pod engine-2 a 10.0.0.3
	} >all
	same '{"name":"engine-1","port":8000,"host":"10.0.0.2"}' "$(chosen engine '' <all)"
	same '{"name":"engine-2","port":8000,"host":"10.0.0.3"}' "$(chosen engine-2 '' <all)"
	pod engine-b b 10.0.0.4 >>all
	same '{"several":["engine-1","engine-b"]}' "$(chosen engine '' <all)"
}
